using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk.Ca;

namespace Kipuka.Sdk.Tck;

/// <summary>Certificates that the CA made of the drafts that issuers get wrong, for the checks to look at.</summary>
internal sealed class CaSamples
{
    private readonly List<(string What, CertificateDraft Draft, IssuedCertificate Certificate)> issued = [];

    public X509Certificate2? Issuer { get; set; }

    /// <summary>Aspects in which the CA errs. Each is told by its own check, and by no other.</summary>
    public HashSet<string> Broken { get; } = [];

    public void Add(string what, CertificateDraft draft, IssuedCertificate certificate) => issued.Add((what, draft, certificate));

    /// <summary>Samples without a fault in any aspect.</summary>
    public IEnumerable<(string What, IssuedCertificate Certificate)> Faultless
        => issued.Where(sample => Aspects.All.All(aspect => Differs(aspect.Differs, sample.Draft, sample.Certificate) is null)).Select(sample => (sample.What, sample.Certificate));

    public Task CheckAsync(string name, Func<CertificateDraft, IssuedCertificate, X509Certificate2, string?> differs)
    {
        if (issued.Count == 0)
        {
            throw CheckException.NotApplicable("No certificate was issued to look at; mend that first.");
        }
        foreach (var (what, draft, certificate) in issued)
        {
            if (Differs(differs, draft, certificate) is { } difference)
            {
                Broken.Add(name);
                throw CheckException.Failed($"Asked for {what}: {difference}.");
            }
        }
        return Task.CompletedTask;
    }

    /// <summary>The first difference in an aspect that is right elsewhere.</summary>
    public string? FindDifference(CertificateDraft draft, IssuedCertificate certificate)
        => Aspects.All.Where(aspect => !Broken.Contains(aspect.Name)).Select(aspect => Differs(aspect.Differs, draft, certificate)).FirstOrDefault(difference => difference is not null);

    private string? Differs(Func<CertificateDraft, IssuedCertificate, X509Certificate2, string?> differs, CertificateDraft draft, IssuedCertificate certificate)
    {
        try
        {
            return differs(draft, certificate, Issuer!);
        }
        catch (AsnContentException fault)
        {
            return $"it cannot be read: {fault.Message}";
        }
    }
}
