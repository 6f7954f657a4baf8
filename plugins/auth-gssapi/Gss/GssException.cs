namespace Kipuka.Plugins.AuthGssapi.Gss;

/// <summary>The Kerberos library cannot do its work: the fault is on this side, not the client's.</summary>
internal sealed class GssException(string message) : Exception($"Kerberos: {message}");
