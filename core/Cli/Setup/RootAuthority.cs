using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;

namespace Kipuka.Cli.Setup;

/// <summary>A new self-signed root on P-256, and the server certificate that it issues.</summary>
internal sealed class RootAuthority : IDisposable
{
    private const int RootYears = 10;
    private const int ServerDays = 397;

    // Another machine's clock may be a little behind this one's.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private readonly ECDsa key;
    private readonly X509Certificate2 certificate;

    private RootAuthority(ECDsa key, X509Certificate2 certificate) => (this.key, this.certificate) = (key, certificate);

    public KeyPairPem Pair => new(Pem.Write("CERTIFICATE", certificate.RawData), key.ExportPkcs8PrivateKeyPem() + "\n");

    public static RootAuthority Create(TimeProvider clock)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = Name("Kipuka Root CA");
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var start = Start(clock);
        return new RootAuthority(
            key, request.Create(name, X509SignatureGenerator.CreateForECDsa(key), start, start.AddYears(RootYears), NewSerial()));
    }

    /// <summary>
    /// For this machine: localhost and the loopback addresses. id-kp-cmcRA marks an EST server that acts as registration authority
    /// (RFC 7030 section 3.6.1).
    /// </summary>
    public KeyPairPem IssueServer(TimeProvider clock)
    {
        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Name("localhost"), serverKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(Oids.ServerAuth), new Oid(Oids.CmcRa)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(certificate, true, false));
        var names = new GeneralNames(GeneralName.Dns("localhost"), GeneralName.Ip(IPAddress.Loopback), GeneralName.Ip(IPAddress.IPv6Loopback));
        request.CertificateExtensions.Add(new X509Extension(Oids.SubjectAltName, names.Encode(), critical: false));
        var start = Start(clock);
        using var issued = request.Create(
            certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(key), start, start.AddDays(ServerDays), NewSerial());
        return new(Pem.Write("CERTIFICATE", issued.RawData), serverKey.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public void Dispose()
    {
        certificate.Dispose();
        key.Dispose();
    }

    private static X500DistinguishedName Name(string commonName) =>
        new(DistinguishedName.Create((Oids.CommonName, commonName)).Raw.Span);

    private static DateTimeOffset Start(TimeProvider clock) => clock.GetUtcNow() - ClockSkew;

    // 158 random bits: positive, and always 20 bytes long.
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(20);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }
}
