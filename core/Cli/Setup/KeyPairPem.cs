namespace Kipuka.Cli.Setup;

/// <summary>A certificate and its private key (PKCS#8), as files hold them. Holds a secret: never printed.</summary>
internal sealed class KeyPairPem(string certificate, string key)
{
    public string Certificate => certificate;

    public string Key => key;
}
