namespace Kipuka.Plugins.CaPkcs11;

/// <summary>The token's rules do not let a client's key out. The message says what to do.</summary>
internal sealed class KeyExportException(string message, Exception? inner = null) : Exception(message, inner);
