using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk;

namespace Kipuka.Plugins.CaFile;

/// <summary>Reads a private key from the file that the settings name. What it decodes on the way is pinned and zeroed.</summary>
internal static class KeyFile
{
    private const string Encrypted = "ENCRYPTED PRIVATE KEY";

    /// <returns>An <see cref="RSA"/> or <see cref="ECDsa"/> for the caller to dispose.</returns>
    /// <exception cref="KeyFileException">There is no usable key.</exception>
    public static AsymmetricAlgorithm Load(FileCaSettings settings, X509Certificate2 issuer)
    {
        using var passphrase = Passphrase.Find(settings);
        var content = settings.Key.Content.Reveal();
        if (content.IndexOf("-----BEGIN"u8) >= 0)
        {
            return LoadPem(settings.Key.Path, content, passphrase);
        }
        return IsPkcs12(content)
            ? Pkcs12Key.Load(settings.Key, passphrase, issuer)
            : throw Wrong($"{settings.Key.Path} is neither PEM nor PKCS#12; convert it: openssl pkey -in FILE -inform DER -out NEW");
    }

    /// <summary>Whether the file asks for a passphrase at all.</summary>
    public static bool IsEncrypted(SecretFile key)
    {
        var content = key.Content.Reveal();
        return content.IndexOf("-----BEGIN"u8) < 0 || content.IndexOf("-----BEGIN ENCRYPTED PRIVATE KEY"u8) >= 0;
    }

    private static bool IsPkcs12(ReadOnlySpan<byte> content)
    {
        try
        {
            return !content.IsEmpty && X509Certificate2.GetCertContentType(content) == X509ContentType.Pkcs12;
        }
        catch (CryptographicException)
        {
            return false; // nothing that it knows
        }
    }

    private static AsymmetricAlgorithm LoadPem(string path, ReadOnlySpan<byte> content, Secret? passphrase)
    {
        if (content.IndexOf("Proc-Type: 4,ENCRYPTED"u8) >= 0)
        {
            // Its passphrase is hashed once, with MD5: it hardly protects the key.
            throw Wrong($"{path} is encrypted in the old PEM way (Proc-Type), which is too weak; convert it: "
                + "openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out NEW");
        }
        AsymmetricAlgorithm? key = null;
        for (var rest = content; PemEncoding.TryFindUtf8(rest, out var block); rest = rest[block.Location.End..])
        {
            if (!rest[block.Label].EndsWith("PRIVATE KEY"u8))
            {
                continue; // certificates, EC PARAMETERS
            }
            if (key is not null)
            {
                key.Dispose();
                throw Wrong($"{path} holds more than one private key; leave the CA's");
            }
            key = LoadBlock(path, System.Text.Encoding.ASCII.GetString(rest[block.Label]), rest[block.Base64Data], block.DecodedDataLength, passphrase);
        }
        return key ?? throw Wrong($"{path} holds no private key; a PEM block \"PRIVATE KEY\" is expected");
    }

    private static AsymmetricAlgorithm LoadBlock(string path, string label, ReadOnlySpan<byte> base64, int length, Secret? passphrase)
    {
        var der = GC.AllocateArray<byte>(length, pinned: true);
        try
        {
            if (Base64.DecodeFromUtf8(base64, der, out _, out var written) != OperationStatus.Done || written != length)
            {
                throw Wrong($"{path} is damaged: its base64 cannot be decoded");
            }
            return Import(path, label, der, passphrase);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }

    private static AsymmetricAlgorithm Import(string path, string label, ReadOnlySpan<byte> der, Secret? passphrase)
    {
        switch (label)
        {
            case "RSA PRIVATE KEY":
                return Try(RSA.Create(), der, static (rsa, der) => rsa.ImportRSAPrivateKey(der, out _)) ?? throw Unreadable(path, label);
            case "EC PRIVATE KEY":
                return Try(ECDsa.Create(), der, static (ec, der) => ec.ImportECPrivateKey(der, out _)) ?? throw Unreadable(path, label);
            case "PRIVATE KEY":
                return Try<AsymmetricAlgorithm>(RSA.Create(), der, static (rsa, der) => rsa.ImportPkcs8PrivateKey(der, out _))
                    ?? Try<AsymmetricAlgorithm>(ECDsa.Create(), der, static (ec, der) => ec.ImportPkcs8PrivateKey(der, out _))
                    ?? throw Unreadable(path, label);
            case Encrypted when passphrase is null:
                throw Wrong($"{path} is encrypted; set key_passphrase_env or key_passphrase_file");
            case Encrypted:
                return Try<AsymmetricAlgorithm>(RSA.Create(), der, (rsa, der) => rsa.ImportEncryptedPkcs8PrivateKey(passphrase.Reveal(), der, out _))
                    ?? Try<AsymmetricAlgorithm>(ECDsa.Create(), der, (ec, der) => ec.ImportEncryptedPkcs8PrivateKey(passphrase.Reveal(), der, out _))
                    ?? throw Wrong($"{path} cannot be decrypted with the passphrase given, or is neither an RSA nor an ECDSA key");
            default:
                throw Unreadable(path, label);
        }
    }

    private delegate void Importer<in T>(T key, ReadOnlySpan<byte> der);

    private static T? Try<T>(T key, ReadOnlySpan<byte> der, Importer<T> import)
        where T : AsymmetricAlgorithm
    {
        try
        {
            import(key, der);
            return key;
        }
        catch (CryptographicException)
        {
            // Which of format, kind and passphrase is wrong the platform cannot say; the caller says what was tried.
            key.Dispose();
            return null;
        }
    }

    private static KeyFileException Unreadable(string path, string label)
        => Wrong($"{path} holds a PEM block \"{label}\" that is neither an RSA nor an ECDSA key that can be read");

    private static KeyFileException Wrong(string message) => new("key", message);
}
