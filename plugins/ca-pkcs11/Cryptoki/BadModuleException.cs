namespace Kipuka.Plugins.CaPkcs11.Cryptoki;

/// <summary>A file is no PKCS#11 module that can be used.</summary>
internal sealed class BadModuleException(string message) : Exception(message);
