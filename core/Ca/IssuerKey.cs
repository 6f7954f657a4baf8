using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;

namespace Kipuka.Ca;

/// <summary>An issuer's public key, imported once: importing costs more than verifying. Safe for concurrent use.</summary>
internal sealed class IssuerKey
{
    private readonly RSA? rsa;
    private readonly ECDsa? ecdsa;
    private readonly ReadOnlyMemory<byte> subjectPublicKeyInfo;

    public IssuerKey(X509Certificate2 issuer)
    {
        rsa = issuer.GetRSAPublicKey();
        ecdsa = issuer.GetECDsaPublicKey();
        subjectPublicKeyInfo = issuer.PublicKey.ExportSubjectPublicKeyInfo();
        var type = PublicKeyInfo.Parse(subjectPublicKeyInfo).KeyType;
        Unverifiable = type.Family == KeyFamily.MlDsa && !MLDsa.IsSupported
            ? $"this platform cannot verify {type} signatures, which needs OpenSSL 3.5"
            : null;
    }

    /// <summary>Why this platform cannot verify what the key signs; null when it can.</summary>
    public string? Unverifiable { get; }

    /// <summary>Whether this key signed the certificate.</summary>
    /// <exception cref="MalformedException">The algorithm is weak, unknown or wrongly encoded.</exception>
    public bool Signed(CertificateFields certificate)
    {
        var algorithm = SignatureAlgorithms.Parse(certificate.SignatureAlgorithm);
        if (Unverifiable is not null)
        {
            // What can be known without verifying: that it is the key's algorithm, and as long as its signatures are.
            return algorithm.Family == KeyFamily.MlDsa && algorithm.Name == PublicKeyInfo.Parse(subjectPublicKeyInfo).KeyType.Name
                && certificate.Signature.Length == MlDsaSignatureBytes(algorithm.Name);
        }
        var data = certificate.TbsCertificate.Span;
        var signature = certificate.Signature.Span;
        try
        {
            return algorithm.Family switch
            {
                KeyFamily.Rsa => rsa?.VerifyData(data, signature, Hash(algorithm), Padding(algorithm)) ?? false,
                KeyFamily.Ecdsa => ecdsa?.VerifyData(data, signature, Hash(algorithm), DSASignatureFormat.Rfc3279DerSequence) ?? false,
                _ => algorithm.Verify(PublicKeyInfo.Parse(subjectPublicKeyInfo), data, signature),
            };
        }
        catch (CryptographicException)
        {
            // The platform throws, rather than answers, for a signature whose numbers are out of range.
            return false;
        }
    }

    // FIPS 204 table 2.
    private static int MlDsaSignatureBytes(string name) => name switch { "ml-dsa-44" => 2420, "ml-dsa-65" => 3309, _ => 4627 };

    private static HashAlgorithmName Hash(SignatureAlgorithm algorithm) => new(algorithm.Hash!.ToUpperInvariant());

    private static RSASignaturePadding Padding(SignatureAlgorithm algorithm)
        => algorithm.Pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
}
