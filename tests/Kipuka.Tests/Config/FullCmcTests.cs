using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Tests.Config;

/// <summary>Ruling 43: what signs the answers of full CMC.</summary>
public sealed class FullCmcTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kipuka-test-").FullName;

    [Fact]
    public void Without_any_pair_it_is_not_switched_on()
        => Checked.Minimal("[est]\nfullcmc = true").HasOnly("missing-key", "est.fullcmc", "give cert and key, or the pair of [tls]");

    [Fact]
    public void A_pair_of_its_own_or_that_of_tls_will_do()
    {
        var (cert, key) = Pair("good", ca: false);
        Checked.Minimal($"[est]\nfullcmc = true\n[est.cmc]\ncert = \"{cert}\"\nkey = \"{key}\"").IsFine();
        Tls(cert, key).IsFine();
    }

    [Fact]
    public void A_certificate_with_another_key_is_refused()
    {
        var (cert, _) = Pair("one", ca: false);
        var (_, key) = Pair("other", ca: false);
        Checked.Minimal($"[est]\nfullcmc = true\n[est.cmc]\ncert = \"{cert}\"\nkey = \"{key}\"").HasOnly("bad-file", "est.cmc.cert", "cannot be used");
        Tls(cert, key).HasOnly("bad-file", "est.fullcmc", "cannot be used");
    }

    [Fact]
    public void A_certificate_of_a_CA_is_refused()
    {
        var (cert, key) = Pair("ca", ca: true);
        Checked.Minimal($"[est]\nfullcmc = true\n[est.cmc]\ncert = \"{cert}\"\nkey = \"{key}\"").HasOnly("bad-file", "est.cmc.cert", "never signed with a CA's key");
    }

    [Fact]
    public void Half_a_pair_is_refused_and_one_without_full_CMC_is_told()
    {
        var (cert, key) = Pair("half", ca: false);
        Checked.Minimal($"[est.cmc]\ncert = \"{cert}\"").HasOnly("missing-key", "est.cmc.key", "no use");
        var told = Checked.Minimal($"[est.cmc]\ncert = \"{cert}\"\nkey = \"{key}\"");
        told.IsFine();
        Assert.Equal("no-effect", Assert.Single(told.Problems).Code);
    }

    [Fact]
    public void Anchors_of_registration_authorities_are_certificates()
    {
        var (cert, key) = Pair("anchor", ca: true);
        Checked.Minimal($"[est.ra]\ntrust_anchors = \"{cert}\"").IsFine();
        Checked.Minimal($"[est.ra]\ntrust_anchors = \"{key}\"").HasOnly("bad-file", "est.ra.trust_anchors", "no certificate");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Checked Tls(string cert, string key) => Checked.Of(
        $"[tls]\ncert = \"{cert}\"\nkey = \"{key}\"\n[tls.client_auth]\n[[ca]]\nid = \"one\"\n[est]\nfullcmc = true");

    private (string Cert, string Key) Pair(string name, bool ca)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(ca, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var paths = (Path.Combine(_folder, $"{name}.pem"), Path.Combine(_folder, $"{name}.key"));
        File.WriteAllText(paths.Item1, certificate.ExportCertificatePem());
        File.WriteAllText(paths.Item2, key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(paths.Item2, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return paths;
    }
}
