using System.Security.Cryptography.X509Certificates;
using Kipuka.Config;
using Kipuka.Pki;

namespace Kipuka.Policy;

/// <summary>The extensions of a certificate: made here, never copied from a request.</summary>
/// <param name="policies">The label's certificate policies; empty leaves the CA's.</param>
internal sealed class ExtensionRules(IReadOnlyList<CertificatePolicy> policies)
{
    public static ExtensionRules From(LabelConfig? label) => new(Policies(label?.CertificatePolicies));

    /// <summary>The order is that of RFC 5280 section 4.2.1, as far as verifiers that hold on to one care; the authority key identifier is the issuer's to add.</summary>
    public List<X509Extension> Build(
        PublicKeyInfo key, IssuedNames names, X509KeyUsageFlags usage, IReadOnlyList<string> extended, AuthorityLimits authority)
    {
        List<X509Extension> extensions =
        [
            new X509SubjectKeyIdentifierExtension(key.KeyIdentifier(), critical: false),
            new X509Extension(Oids.KeyUsage, KeyUsages.Encode(usage), critical: true),
            new X509Extension(Oids.BasicConstraints, new BasicConstraints(false).Encode(), critical: true),
        ];
        if (names.San is { } san)
        {
            // Critical when it is the only name (RFC 5280 section 4.2.1.6).
            extensions.Add(new X509Extension(Oids.SubjectAltName, san.Encode(), critical: names.Subject.IsEmpty));
        }
        if (extended.Count > 0)
        {
            extensions.Add(new X509Extension(Oids.ExtKeyUsage, Eku.Encode(extended), critical: false));
        }
        if ((policies.Count > 0 ? policies : authority.Policies) is { Count: > 0 } granted)
        {
            extensions.Add(new X509Extension(Oids.CertificatePolicies, CertificatePolicies.Encode(granted), critical: false));
        }
        return extensions;
    }

    /// <summary>Notes what was asked for and is not what <see cref="Build"/> made.</summary>
    public static void NoteDropped(IRequestedCertificate request, IReadOnlyList<X509Extension> made, Notes notes)
    {
        notes.AddDropped("extensions", request.Requested.List.Where(asked => !IsJudged(asked.Oid) && !IsMade(asked, made)).Select(asked => asked.Oid));
        notes.AddDropped("attributes", request.UnknownAttributes);
    }

    public static IReadOnlyList<CertificatePolicy> Policies(IReadOnlyList<CertificatePolicyConfig>? configured)
        => [.. (configured ?? []).Select(policy => new CertificatePolicy(policy.Oid, policy.Cps))];


    // These have rules of their own, which note what they do not grant.
    private static bool IsJudged(string oid) => oid is Oids.SubjectAltName or Oids.KeyUsage or Oids.ExtKeyUsage or Oids.BasicConstraints;

    private static bool IsMade(CertificateExtension asked, IReadOnlyList<X509Extension> made)
        => made.Any(extension => extension.Oid!.Value == asked.Oid && asked.Value.Span.SequenceEqual(extension.RawData));
}
