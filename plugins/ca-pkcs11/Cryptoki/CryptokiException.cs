namespace Kipuka.Plugins.CaPkcs11.Cryptoki;

/// <summary>A function of the library answered something else than CKR_OK.</summary>
internal sealed class CryptokiException(string function, uint code) : Exception($"{function}: {ReturnCode.Name(code)}")
{
    public uint Code => code;
}
