namespace Kipuka.Plugins.CaPkcs11;

/// <summary>The token refuses the PIN, or there is none. Another try with the same PIN would bring the token nearer to locking itself.</summary>
internal sealed class PinException(string message, bool isSetup = true) : HsmException(message, isSetup);
