using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk.Ca;

namespace Kipuka.Sdk.Tck;

/// <summary>Compares a certificate with its draft, one aspect at a time. Each says what differs, or null.</summary>
internal static class Aspects
{
    public static readonly IReadOnlyList<(string Name, Func<CertificateDraft, IssuedCertificate, X509Certificate2, string?> Differs)> All =
    [
        ("serial", Serial), ("issuer-name", Issuer), ("validity", Validity), ("subject", Subject), ("public-key", PublicKey), ("extensions", Extensions),
        ("authority-key-identifier", AuthorityKeyIdentifier), ("signature", Signature),
    ];

    private static string? Serial(CertificateDraft draft, IssuedCertificate found, X509Certificate2 issuer)
        => found.Serial.Span[0] < 0x80 && found.Serial.Span.TrimStart((byte)0).SequenceEqual(draft.Serial.Span.TrimStart((byte)0))
            ? null
            : $"its serial number is {Convert.ToHexStringLower(found.Serial.Span)} and the draft's {Convert.ToHexStringLower(draft.Serial.Span)}; take the draft's";

    private static string? Issuer(CertificateDraft draft, IssuedCertificate found, X509Certificate2 issuer)
        => found.Issuer.Span.SequenceEqual(issuer.SubjectName.RawData) ? null : "its issuer is not, byte for byte, the subject of the issuing certificate";

    private static string? Validity(CertificateDraft draft, IssuedCertificate found, X509Certificate2 issuer)
        => found.NotBefore == draft.NotBefore && found.NotAfter == draft.NotAfter
            ? null
            : $"it is valid from {found.NotBefore:u} to {found.NotAfter:u}, and the draft says {draft.NotBefore:u} to {draft.NotAfter:u}; both ends bind, to the second";

    private static string? Subject(CertificateDraft draft, IssuedCertificate found, X509Certificate2 issuer)
        => found.Subject.Span.SequenceEqual(draft.Subject.RawData)
            ? null
            : $"its subject is {Convert.ToHexStringLower(found.Subject.Span)} and the draft's {Convert.ToHexStringLower(draft.Subject.RawData)}; take the draft's encoding as it is";

    private static string? PublicKey(CertificateDraft draft, IssuedCertificate found, X509Certificate2 issuer)
        => found.PublicKey.Span.SequenceEqual(draft.SubjectPublicKeyInfo.Span) ? null : "its subjectPublicKeyInfo is not the draft's; take the encoding as it is";

    private static string? Extensions(CertificateDraft draft, IssuedCertificate found, X509Certificate2 issuer)
    {
        foreach (var wanted in draft.Extensions)
        {
            var same = found.OtherExtensions.Where(extension => extension.Oid == wanted.Oid!.Value).ToList();
            if (same.Count != 1)
            {
                return $"the extension {wanted.Oid!.Value} occurs {same.Count} times instead of once";
            }
            if (same[0].Critical != wanted.Critical)
            {
                return $"the extension {wanted.Oid!.Value} is {(wanted.Critical ? "not " : "")}critical, and in the draft it is {(wanted.Critical ? "" : "not ")}critical";
            }
            if (!same[0].Value.Span.SequenceEqual(wanted.RawData))
            {
                return $"the extension {wanted.Oid!.Value} has another value than the draft's";
            }
        }
        var surplus = found.OtherExtensions.FirstOrDefault(extension => draft.Extensions.All(wanted => wanted.Oid!.Value != extension.Oid)).Oid;
        return surplus is null ? null : $"it has the extension {surplus}, which the draft has not; add nothing but the authority key identifier";
    }

    // RFC 5280 section 4.2.1.1.
    private static string? AuthorityKeyIdentifier(CertificateDraft draft, IssuedCertificate found, X509Certificate2 issuer)
    {
        if (found.AuthorityKeyIdentifier is not { } identifier)
        {
            return "it has no authority key identifier with a keyIdentifier; only the issuer can add it";
        }
        if (found.IsAuthorityKeyIdentifierCritical)
        {
            return "its authority key identifier is critical, which RFC 5280 section 4.2.1.1 forbids";
        }
        var own = issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifierBytes;
        return own is null || own.Value.Span.SequenceEqual(identifier.Span) ? null : "its authority key identifier is not the issuer's subject key identifier";
    }

    private static string? Signature(CertificateDraft draft, IssuedCertificate found, X509Certificate2 issuer)
    {
        foreach (var scheme in Schemes(issuer))
        {
            if (scheme.AlgorithmIdentifier.Span.SequenceEqual(found.Algorithm.Span))
            {
                return scheme.Verify(issuer, found.ToBeSigned.Span, found.Signature.Span) ? null : "its signature does not verify with the issuing certificate's key";
            }
        }
        return $"its signature algorithm {Convert.ToHexStringLower(found.Algorithm.Span)} is none of SHA-256, SHA-384 or SHA-512 with the issuer's RSA or ECDSA key";
    }

    private static IEnumerable<SignatureScheme> Schemes(X509Certificate2 issuer)
    {
        var isRsa = issuer.GetKeyAlgorithm() == "1.2.840.113549.1.1.1";
        foreach (var hash in (HashAlgorithmName[])[HashAlgorithmName.SHA256, HashAlgorithmName.SHA384, HashAlgorithmName.SHA512])
        {
            yield return SignatureScheme.For(issuer, hash);
            if (isRsa)
            {
                yield return SignatureScheme.For(issuer, hash, pss: true);
            }
        }
    }
}
