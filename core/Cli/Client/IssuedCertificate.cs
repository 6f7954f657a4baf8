using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;

namespace Kipuka.Cli.Client;

/// <summary>A certificate as it came back, after it was shown to be for our key and to chain to the server's CA certificates.</summary>
internal sealed class IssuedCertificate
{
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> chain;

    private IssuedCertificate(IReadOnlyList<ReadOnlyMemory<byte>> chain) => this.chain = chain;

    public CertificateFields Fields => CertificateText.Parse(chain[0]);

    /// <summary>The certificate, then the intermediates that a TLS server or client has to send with it.</summary>
    public string Text => string.Concat(chain.Select(der => Pem.Write("CERTIFICATE", der.Span)));

    /// <param name="received">The answer of an enrollment.</param>
    /// <param name="keyPem">Our private key.</param>
    /// <param name="authorities">The answer of <c>/cacerts</c>.</param>
    /// <param name="now">When it must be valid.</param>
    /// <exception cref="CliException">The server sent something else.</exception>
    public static IssuedCertificate Verify(
        IReadOnlyList<ReadOnlyMemory<byte>> received, string keyPem, IReadOnlyList<ReadOnlyMemory<byte>> authorities, DateTimeOffset now)
    {
        using var leaf = received.Select(der => WithKey(der, keyPem)).FirstOrDefault(found => found is not null)
            ?? throw new CliException("the server sent a certificate that is not for the key of this request");
        var anchors = new X509Certificate2Collection();
        foreach (var der in authorities.Concat(received))
        {
            anchors.Add(X509CertificateLoader.LoadCertificate(der.Span));
        }
        try
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.VerificationTime = now.UtcDateTime;
            chain.ChainPolicy.CustomTrustStore.AddRange(anchors.Take(authorities.Count).Where(IsSelfIssued).ToArray());
            chain.ChainPolicy.ExtraStore.AddRange(anchors);
            if (chain.ChainPolicy.CustomTrustStore.Count == 0)
            {
                // A server whose root is elsewhere (RFC 7030 section 4.1.3 asks for it): then the chain must end in what it did send.
                chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
            }
            if (!chain.Build(leaf) || !anchors.Take(authorities.Count).Any(ca => ca.RawDataMemory.Span.SequenceEqual(chain.ChainElements[^1].Certificate.RawData)))
            {
                throw new CliException("the certificate that the server sent does not chain to its /cacerts: "
                    + string.Join("; ", chain.ChainStatus.Select(status => status.StatusInformation.Trim()).DefaultIfEmpty("its issuer is not among them")));
            }
            return new IssuedCertificate([.. chain.ChainElements
                .Where((element, index) => index == 0 || !IsSelfIssued(element.Certificate))
                .Select(element => (ReadOnlyMemory<byte>)element.Certificate.RawData)]);
        }
        finally
        {
            foreach (var certificate in anchors)
            {
                certificate.Dispose();
            }
        }
    }

    private static bool IsSelfIssued(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    // The platform refuses to join a certificate with another's key: that is the test.
    private static X509Certificate2? WithKey(ReadOnlyMemory<byte> der, string keyPem)
    {
        try
        {
            return X509Certificate2.CreateFromPem(Pem.Write("CERTIFICATE", der.Span), keyPem);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            return null;
        }
    }
}
