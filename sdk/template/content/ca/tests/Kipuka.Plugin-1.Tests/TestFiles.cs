using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kipuka.Sdk;

namespace Kipuka.Plugin_1.Tests;

/// <summary>A CA of the tests' own, as the host would read it from files.</summary>
internal static class TestFiles
{
    public static AuthoritySettings Settings(string algorithm)
    {
        using AsymmetricAlgorithm key = algorithm == "rsa" ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = key is RSA rsa
            ? new CertificateRequest("CN=Test CA", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest("CN=Test CA", (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(5));
        return new AuthoritySettings
        {
            Cert = new SettingsFile("ca.pem", Encoding.ASCII.GetBytes(certificate.ExportCertificatePem())),
            Key = new SecretFile("ca-key.pem", Secret.FromText(PemEncoding.WriteString("PRIVATE KEY", key.ExportPkcs8PrivateKey()))),
        };
    }
}
