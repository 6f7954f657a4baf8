using Kipuka.Pki;
using Kipuka.Sdk.Ca;

namespace Kipuka.Ca;

/// <summary>An authority's certificates as fetched at one moment, with everything that requests need of them worked out beforehand.</summary>
internal sealed class KnownCertificates
{
    public KnownCertificates(AuthorityCertificates certificates)
    {
        Certificates = certificates;
        Issuer = CertificateFields.Parse(certificates.Issuer.RawData);
        Key = new IssuerKey(certificates.Issuer);
        IssuerKeyIdentifier = Issuer.SubjectKeyIdentifier;
        PublishedDer = [.. certificates.Published.Select(certificate => (ReadOnlyMemory<byte>)certificate.RawData)];
        Constraints = [.. Path().Select(NameConstraints.Of).OfType<NameConstraints>()];
        EndsInRoot = PublishedDer.Any(IsSelfSigned);
    }

    public AuthorityCertificates Certificates { get; }

    public CertificateFields Issuer { get; }

    public IssuerKey Key { get; }

    public ReadOnlyMemory<byte>? IssuerKeyIdentifier { get; }

    public IReadOnlyList<ReadOnlyMemory<byte>> PublishedDer { get; }

    /// <summary>Ruling 30: RFC 7030 4.1.3 wants the root among what /cacerts gives.</summary>
    public bool EndsInRoot { get; }

    /// <summary>Name constraints bind all that is below: those of the issuer, and of each CA above it (RFC 5280 section 6.1.4).</summary>
    public IReadOnlyList<NameConstraints> Constraints { get; }

    // Published begins with the path; cross and roll-over certificates, which follow it, stand above other keys.
    private IEnumerable<CertificateFields> Path()
    {
        CertificateFields? below = null;
        foreach (var certificate in PublishedDer.Select(CertificateFields.Parse).Prepend(Issuer).DistinctBy(one => one.FingerprintSha256))
        {
            if (below is not null && (below.IsSelfIssued || !certificate.SubjectRaw.Span.SequenceEqual(below.IssuerRaw.Span))) yield break;
            yield return below = certificate;
        }
    }

    private static bool IsSelfSigned(ReadOnlyMemory<byte> der)
    {
        var certificate = CertificateFields.Parse(der);
        if (!certificate.IsSelfIssued) return false;
        try
        {
            return certificate.IsSignedBy(certificate.PublicKey);
        }
        catch (MalformedException)
        {
            // A root is trusted for being installed, not for its signature: one of SHA-1, or of a key we cannot read, is still a root.
            return true;
        }
    }
}
