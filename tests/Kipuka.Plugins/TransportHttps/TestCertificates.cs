using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kipuka.Sdk;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>A root, an intermediate, and what they issue; made once for a test run.</summary>
internal static class TestCertificates
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    public static readonly X509Certificate2 Root = Make("test root", issuer: null, ca: true);
    public static readonly X509Certificate2 Intermediate = Make("test intermediate", Root, ca: true);
    public static readonly X509Certificate2 Server = MakeServer();
    public static readonly X509Certificate2 Client = Make("device-7", Intermediate, ca: false);

    public static X509Certificate2 MakeServer(DateTimeOffset? until = null) => Make("localhost", Intermediate, ca: false, until);

    public static X509Certificate2 Make(
        string name, X509Certificate2? issuer, bool ca, DateTimeOffset? until = null, params X509Extension[] more)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(ca, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (!ca)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
                [new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2"), new("1.3.6.1.5.5.7.3.28")], false));
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
        }
        foreach (var extension in more)
        {
            request.CertificateExtensions.Add(extension);
        }
        var end = until ?? Now.AddDays(ca ? 300 : 30);
        var begin = end < Now ? end.AddDays(-10) : Now.AddDays(-1);
        return issuer is null
            ? request.CreateSelfSigned(begin, end)
            : request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(issuer.GetECDsaPrivateKey()!), begin, end,
                RandomNumberGenerator.GetBytes(15)).CopyWithPrivateKey(key);
    }

    public static SettingsFile CertFile(params X509Certificate2[] chain)
        => new("/etc/kipuka/server.pem", Encoding.UTF8.GetBytes(string.Join('\n', chain.Select(one => one.ExportCertificatePem()))));

    public static SecretFile KeyFile(X509Certificate2 owner) => KeyFile(owner.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());

    public static SecretFile KeyFile(string pem) => new("/etc/kipuka/server.key", Secret.FromText(pem));
}
