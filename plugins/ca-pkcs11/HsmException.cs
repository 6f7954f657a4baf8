namespace Kipuka.Plugins.CaPkcs11;

/// <summary>The HSM cannot be used. The message says why and what to do; it never holds a PIN.</summary>
/// <param name="message">For the operator.</param>
/// <param name="isSetup">
/// Whether the configuration is at fault (a wrong PIN, a key that is not there) and not the HSM's state, which may get better by itself.
/// </param>
/// <param name="inner">The cause.</param>
internal class HsmException(string message, bool isSetup, Exception? inner = null) : Exception(message, inner)
{
    public bool IsSetup => isSetup;
}
