using System.Security.Cryptography;
using System.Text;
using Kipuka.Store;

namespace Kipuka.Audit;

/// <summary>The key of the journal's own signatures: ECDSA with SHA-256, and never a CA's.</summary>
internal sealed class AuditKey : IDisposable
{
    private readonly ECDsa _key;

    private AuditKey(ECDsa key) => (_key, Id) = (key, IdOf(key));

    /// <summary>SHA-256 of the public key (SubjectPublicKeyInfo), lower-case hex.</summary>
    public string Id { get; }

    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem() + "\n";

    /// <summary>Makes a new one on P-256.</summary>
    public static AuditKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads one, private or public.</summary>
    /// <param name="pem">The file's bytes.</param>
    /// <param name="wantsPrivate">Whether a public key alone is too little.</param>
    /// <exception cref="InvalidDataException">It is no such key, and why.</exception>
    public static AuditKey Read(ReadOnlySpan<byte> pem, bool wantsPrivate)
    {
        var chars = GC.AllocateArray<char>(pem.Length, pinned: true);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(chars.AsSpan(0, Encoding.UTF8.GetChars(pem, chars)));
            if (wantsPrivate)
            {
                key.SignData("can it sign?"u8, HashAlgorithmName.SHA256);
            }
            return new AuditKey(key);
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new InvalidDataException(
                $"is no {(wantsPrivate ? "private" : "public")} EC key in PEM without a passphrase ({fault.Message}); kipuka audit key makes one", fault);
        }
        finally
        {
            chars.AsSpan().Clear();
        }
    }

    public string PrivatePem() => _key.ExportPkcs8PrivateKeyPem() + "\n";

    public byte[] Sign(byte[] message) => _key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public bool Verifies(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
        => _key.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public void Dispose() => _key.Dispose();

    /// <summary>The check of signatures by these keys; null when there are none.</summary>
    public static SealCheck? CheckBy(IReadOnlyCollection<AuditKey> keys) => keys.Count == 0 ? null : (id, message, signature) =>
    {
        foreach (var key in keys)
        {
            if (key.Id == id)
            {
                return key.Verifies(message, signature) ? null : $"whose signature by the key {id} is wrong";
            }
        }
        return $"signed by a key that is not trusted: {id}";
    };

    private static string IdOf(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
}
