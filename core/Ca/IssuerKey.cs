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
    }

    /// <summary>Whether this key signed the certificate.</summary>
    /// <exception cref="MalformedException">The algorithm is weak, unknown or wrongly encoded.</exception>
    public bool Signed(CertificateFields certificate)
    {
        var algorithm = SignatureAlgorithms.Parse(certificate.SignatureAlgorithm);
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

    private static HashAlgorithmName Hash(SignatureAlgorithm algorithm) => new(algorithm.Hash!.ToUpperInvariant());

    private static RSASignaturePadding Padding(SignatureAlgorithm algorithm)
        => algorithm.Pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
}
