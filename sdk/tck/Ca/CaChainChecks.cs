using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk.Ca;

namespace Kipuka.Sdk.Tck;

/// <summary>What a CA publishes, and whether what it issues verifies under it.</summary>
internal static class CaChainChecks
{
    public static async Task CertificatesAsync(Bench<ICertificateAuthority> bench, CaSamples samples)
    {
        var authority = await bench.StartAsync();
        var certificates = await authority.GetCertificatesAsync(bench.Cancel);
        samples.Issuer = certificates.Issuer;
        var published = certificates.Published;
        if (published.Count == 0 || !Same(published[0], certificates.Issuer))
        {
            throw CheckException.Failed("Published does not begin with Issuer: clients take the first one for the CA that issued to them.");
        }
        if (!certificates.Issuer.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority))
        {
            throw CheckException.Failed("Issuer is no CA certificate (basicConstraints CA:TRUE, RFC 5280 section 4.2.1.9).");
        }
        var place = 0;
        while (!IsSelfIssued(published[place]))
        {
            if (place + 1 == published.Count)
            {
                throw CheckException.Failed(
                    $"Published ends with {published[place].Subject}, which is not self-signed: /cacerts needs the root (RFC 7030 section 4.1.3). Add it to the settings or to the answer.");
            }
            if (!IsIssuedBy(published[place], published[place + 1]))
            {
                throw CheckException.Failed(
                    $"In Published {published[place].Subject} is followed by {published[place + 1].Subject}, which did not issue it. The order is: the issuer, then each one's issuer, the root last.");
            }
            place++;
        }
        if (published.DistinctBy(certificate => Convert.ToHexString(certificate.RawDataMemory.Span)).Count() != published.Count)
        {
            throw CheckException.Failed("Published holds a certificate twice.");
        }
    }

    public static async Task ChainAsync(Bench<ICertificateAuthority> bench, CaSamples samples)
    {
        var found = false;
        var published = (await (await bench.StartAsync()).GetCertificatesAsync(bench.Cancel)).Published;
        foreach (var (what, certificate) in samples.Faultless)
        {
            found = true;
            using var leaf = X509CertificateLoader.LoadCertificate(certificate.Raw.Span);
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(published.Where(IsSelfIssued).ToArray());
            chain.ChainPolicy.ExtraStore.AddRange(published.ToArray());
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.VerificationTime = certificate.NotBefore.UtcDateTime.AddSeconds(1);
            if (!Build(chain, leaf, what))
            {
                var status = string.Join("; ", chain.ChainStatus.Select(status => $"{status.Status}: {status.StatusInformation.Trim()}"));
                throw CheckException.Failed($"The certificate for {what} does not verify with what is published: {status}");
            }
        }
        if (!found)
        {
            throw CheckException.NotApplicable("No issued certificate is without a fault that another check tells of; mend that first.");
        }
    }

    // Platforms before OpenSSL 3.5 cannot read an ML-DSA key; the certificate's signature has been verified by itself.
    private static bool Build(X509Chain chain, X509Certificate2 leaf, string what)
    {
        try
        {
            return chain.Build(leaf);
        }
        catch (CryptographicException) when (what.StartsWith("ml-dsa", StringComparison.Ordinal) && !MLDsa.IsSupported)
        {
            return true;
        }
    }

    private static bool IsSelfIssued(X509Certificate2 certificate) => IsIssuedBy(certificate, certificate);

    private static bool IsIssuedBy(X509Certificate2 certificate, X509Certificate2 issuer)
    {
        if (!certificate.IssuerName.RawData.AsSpan().SequenceEqual(issuer.SubjectName.RawData))
        {
            return false;
        }
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(issuer);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllFlags;
        chain.Build(certificate);
        return Same(chain.ChainElements[^1].Certificate, issuer)
            && chain.ChainElements[0].ChainElementStatus.All(status => (status.Status & X509ChainStatusFlags.NotSignatureValid) == 0);
    }

    private static bool Same(X509Certificate2 one, X509Certificate2 other) => one.RawDataMemory.Span.SequenceEqual(other.RawDataMemory.Span);
}
