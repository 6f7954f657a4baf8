using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Plugins.TransportHttps;
using Kipuka.Plugins.TransportHttps.Tls;
using Kipuka.Sdk;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>What <c>kipuka check</c> finds in the settings, each beside settings that differ only in that.</summary>
public sealed class CheckTests
{
    [Fact]
    public void Good_settings_have_no_problem() => Assert.Empty(Check(settings => settings));

    [Fact]
    public void A_file_without_a_certificate_is_a_problem()
        => Expect("cert", "no PEM certificate", settings => settings with { Cert = new("/x.pem", "hello"u8.ToArray()) });

    [Fact]
    public void A_broken_certificate_is_a_problem()
        => Expect("cert", "cannot be read", settings => settings with
        {
            Cert = new("/x.pem", "-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n"u8.ToArray()),
        });

    [Fact]
    public void An_expired_certificate_is_a_problem()
    {
        using var expired = TestCertificates.MakeServer(TimeProvider.System.GetUtcNow().AddDays(-1));
        Expect("cert", "expired on", settings => settings with { Cert = TestCertificates.CertFile(expired), Key = TestCertificates.KeyFile(expired) });
    }

    [Fact]
    public void A_key_of_another_certificate_is_a_problem()
        => Expect("key", "does not belong", settings => settings with { Key = TestCertificates.KeyFile(TestCertificates.Client) });

    [Fact]
    public void An_encrypted_key_is_a_problem()
        => Expect("key", "is encrypted", settings => settings with
        {
            Key = TestCertificates.KeyFile(TestCertificates.Server.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem(
                "secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000))),
        });

    [Fact]
    public void A_file_without_a_key_is_a_problem()
        => Expect("key", "no PEM private key", settings => settings with { Key = TestCertificates.KeyFile("hello") });

    [Fact]
    public void SEC1_PKCS1_and_PKCS8_keys_are_read()
    {
        Assert.Empty(Check(settings => settings with { Key = TestCertificates.KeyFile(TestCertificates.Server.GetECDsaPrivateKey()!.ExportECPrivateKeyPem()) }));
        using var rsa = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=rsa", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        foreach (var pem in new[] { rsa.ExportRSAPrivateKeyPem(), rsa.ExportPkcs8PrivateKeyPem() })
        {
            Assert.Empty(Check(settings => settings with { Cert = TestCertificates.CertFile(certificate), Key = TestCertificates.KeyFile(pem) }));
        }
    }

    [Theory]
    [InlineData("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA348", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")]
    [InlineData("ECDHE-ECDSA-AES128-GCM-SHA256", "TLS_")]
    [InlineData("4865", "TLS_")]
    [InlineData("tls_aes_128_gcm_sha256", "TLS_AES_128_GCM_SHA256")]
    [InlineData("TLS_RSA_WITH_NULL_SHA", "does not protect")]
    public void A_wrong_suite_is_a_problem_that_names_the_nearest(string name, string mentioned)
        => Expect("cipher_suites", mentioned, settings => settings with { CipherSuites = ["TLS_AES_128_GCM_SHA256", name] });

    [Fact]
    public void A_suite_list_is_completed_as_ruling_12_says()
    {
        Assert.Equal(9, CipherSuites.Resolve(null).Length);
        Assert.Equal(
            ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"],
            CipherSuites.Resolve(["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]).Select(suite => suite.ToString()));
        Assert.Contains("TLS_CHACHA20_POLY1305_SHA256", CipherSuites.Resolve(["TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"]).Select(suite => suite.ToString()));
        Assert.Equal(
            ["TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"],
            CipherSuites.Resolve(["TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"]).Select(suite => suite.ToString()));
    }

    [Theory]
    [InlineData("/est/", "est.base_path")]
    [InlineData("est", "est.base_path")]
    [InlineData("/a/../b", "est.base_path")]
    [InlineData("/a%41", "est.base_path")]
    [InlineData("/admin/est", "est.base_path")]
    [InlineData("/est", null)]
    public void A_base_path_is_plain(string path, string? problem)
        => Assert.Equal(problem, Check(settings => settings with { BasePath = path }).SingleOrDefault()?.Key);

    [Fact]
    public void An_own_admin_pair_on_a_shared_listener_is_a_problem_and_on_its_own_none()
    {
        static HttpsSettings Own(HttpsSettings settings, int port) => settings with
        {
            Listen = new(IPAddress.Any, 8443),
            AdminListen = new(IPAddress.Loopback, port),
            AdminCert = settings.Cert,
            AdminKey = settings.Key,
        };

        Expect("admin.cert", "already covers", settings => Own(settings, 8443));
        Assert.Empty(Check(settings => Own(settings, 9443)));
    }

    [Fact]
    public void Half_an_admin_pair_is_a_problem()
    {
        Expect("admin.cert", "admin.key", settings => settings with { AdminCert = settings.Cert });
        Expect("admin.key", "admin.cert", settings => settings with { AdminKey = settings.Key });
    }

    [Fact]
    public void An_admin_listener_that_covers_the_EST_listener_is_a_problem()
        => Expect("server.admin_listen", "port of its own", settings => settings with
        {
            Listen = new(IPAddress.Loopback, 8443),
            AdminListen = new(IPAddress.Any, 8443),
        });

    private static void Expect(string key, string message, Func<HttpsSettings, HttpsSettings> change)
    {
        var problem = Assert.Single(Check(change));
        Assert.Equal(key, problem.Key);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    private static List<SettingsProblem> Check(Func<HttpsSettings, HttpsSettings> change) => [.. new HttpsTransportPlugin().Check(change(TestServer.Defaults()))];
}
