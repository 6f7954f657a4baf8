using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk;

namespace Kipuka.Plugins.CaFile;

/// <summary>Takes the issuer's private key out of a PKCS#12 file; its certificates are not used.</summary>
internal static class Pkcs12Key
{
    public static AsymmetricAlgorithm Load(SecretFile file, Secret? passphrase, X509Certificate2 issuer)
    {
        if (passphrase is null)
        {
            throw new KeyFileException("key", $"{file.Path} is PKCS#12; set key_passphrase_env or key_passphrase_file");
        }
        var entries = Passphrase.AsText(passphrase, text => Open(file, text));
        try
        {
            var wanted = issuer.PublicKey.ExportSubjectPublicKeyInfo();
            var entry = entries.FirstOrDefault(entry => entry.HasPrivateKey && entry.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(wanted));
            return (AsymmetricAlgorithm?)entry?.GetRSAPrivateKey() ?? entry?.GetECDsaPrivateKey()
                ?? throw new KeyFileException("key", $"{file.Path} holds no private key for the certificate {issuer.Subject}");
        }
        finally
        {
            foreach (var entry in entries)
            {
                entry.Dispose();
            }
        }
    }

    private static X509Certificate2Collection Open(SecretFile file, ReadOnlySpan<char> passphrase)
    {
        try
        {
            // Ephemeral: the key never touches a key store of the user's.
            return X509CertificateLoader.LoadPkcs12Collection(file.Content.Reveal(), passphrase, X509KeyStorageFlags.EphemeralKeySet);
        }
        catch (CryptographicException)
        {
            throw new KeyFileException("key", $"{file.Path} cannot be opened with the passphrase given, or is no PKCS#12 file");
        }
    }
}
