using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kipuka.Sdk.Ca;

/// <summary>Puts a CA's certificate files into the order in which clients are given them.</summary>
internal static class AuthorityChain
{
    public static AuthorityCertificates Load(SettingsFile cert, SettingsFile? chain, SettingsFile? root)
    {
        var issuer = Read(cert)[0];
        if (!issuer.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority))
        {
            throw new CryptographicException($"{cert.Path} is no CA certificate: it has no basicConstraints CA:TRUE.");
        }
        List<X509Certificate2> pool = [.. chain is null ? [] : Read(chain), .. root is null ? [] : Read(root)];
        List<X509Certificate2> published = [issuer];
        while (!IsSelfIssued(published[^1]) && TakeIssuer(pool, published[^1]) is { } next)
        {
            published.Add(next);
        }
        // Cross certificates and roll-over certificates (RFC 7030 section 4.1.3) lead elsewhere; clients get them all the same.
        published.AddRange(pool.Where(other => !published.Contains(other)));
        return new AuthorityCertificates(issuer, published);
    }

    private static bool IsSelfIssued(X509Certificate2 certificate)
        => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static X509Certificate2? TakeIssuer(List<X509Certificate2> pool, X509Certificate2 child)
    {
        var index = pool.FindIndex(candidate => candidate.SubjectName.RawData.AsSpan().SequenceEqual(child.IssuerName.RawData));
        if (index < 0)
        {
            return null;
        }
        var found = pool[index];
        pool.RemoveAt(index);
        return found;
    }

    private static X509Certificate2Collection Read(SettingsFile file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            if (file.Bytes.Span.IndexOf("-----BEGIN"u8) >= 0)
            {
                certificates.ImportFromPem(Encoding.UTF8.GetString(file.Bytes.Span));
            }
            else
            {
                certificates.Add(X509CertificateLoader.LoadCertificate(file.Bytes.Span));
            }
        }
        catch (CryptographicException fault)
        {
            throw new CryptographicException($"{file.Path} holds no readable certificate: {fault.Message}", fault);
        }
        return certificates.Count > 0
            ? certificates
            : throw new CryptographicException($"{file.Path} holds no certificate (expected PEM blocks \"CERTIFICATE\" or one DER certificate).");
    }
}
