using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Testing;

/// <summary>A CA of the test's own: for server certificates, bootstrap certificates, and for the server to issue from.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly AsymmetricAlgorithm _key;

    public TestAuthority(string name, AsymmetricAlgorithm? key = null, Action<CertificateRequest>? change = null, TestAuthority? parent = null)
    {
        _key = key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request($"CN={name}", _key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        change?.Invoke(request);
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(5));
        if (parent is null)
        {
            using var own = request.CreateSelfSigned(from, to);
            Certificate = X509CertificateLoader.LoadCertificate(own.RawData);
        }
        else
        {
            Certificate = parent.Sign(request, from, to);
        }
    }

    public X509Certificate2 Certificate { get; }

    public string CertificatePem => Certificate.ExportCertificatePem();

    public string KeyPem => PemEncoding.WriteString("PRIVATE KEY", _key.ExportPkcs8PrivateKey());

    /// <summary>A certificate with its key, as clients hold it.</summary>
    public X509Certificate2 Issue(
        string subject, IEnumerable<string>? dns = null, IEnumerable<string>? usages = null, AsymmetricAlgorithm? key = null,
        DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null, Action<CertificateRequest>? change = null)
    {
        using var own = key is null ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;
        var holder = key ?? own!;
        var request = Request(subject, holder);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in dns ?? [])
        {
            if (IPAddress.TryParse(name, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(name);
            }
        }
        if (dns is not null)
        {
            request.CertificateExtensions.Add(names.Build());
        }
        if (usages is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. usages.Select(oid => new Oid(oid))], false));
        }
        change?.Invoke(request);
        using var certificate = Sign(request, notBefore ?? DateTimeOffset.UtcNow.AddHours(-1), notAfter ?? DateTimeOffset.UtcNow.AddDays(30));
        return WithKey(certificate, holder);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    /// <summary>Joins a certificate and its key.</summary>
    public static X509Certificate2 WithKey(X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        using var joined = key is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)key);
        return X509CertificateLoader.LoadPkcs12(joined.Export(X509ContentType.Pkcs12), null);
    }

    internal X509Certificate2 Sign(CertificateRequest request, DateTimeOffset from, DateTimeOffset to)
    {
        var generator = _key is RSA rsa ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1) : X509SignatureGenerator.CreateForECDsa((ECDsa)_key);
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return request.Create(Certificate.SubjectName, generator, from, to < Certificate.NotAfter ? to : Certificate.NotAfter, serial);
    }

    private static CertificateRequest Request(string subject, AsymmetricAlgorithm key) => key is RSA rsa
        ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
}
