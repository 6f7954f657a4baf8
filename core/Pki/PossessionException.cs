namespace Kipuka.Pki;

/// <summary>A well-formed request whose signature does not prove possession of the private key. The message is client-safe.</summary>
internal sealed class PossessionException(string reason) : Exception(reason);
