using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk.Ca;

namespace Kipuka.Sdk.Tests.Ca;

/// <summary>What /cacerts publishes of the files that kipuka.toml names (RFC 7030 4.1.3, ruling 30).</summary>
public sealed class AuthorityChainTests
{
    private readonly AsymmetricAlgorithm rootKey = Make.Key("p256");
    private readonly AsymmetricAlgorithm policyKey = Make.Key("rsa2048");
    private readonly AsymmetricAlgorithm issuingKey = Make.Key("p384");
    private readonly X509Certificate2 root;
    private readonly X509Certificate2 policy;
    private readonly X509Certificate2 issuing;

    public AuthorityChainTests()
    {
        root = Make.Root(rootKey);
        policy = Make.Intermediate(root, rootKey, policyKey, "CN=Policy CA");
        issuing = Make.Intermediate(policy, policyKey, issuingKey, "CN=Issuing CA");
    }

    [Fact]
    public void Files_in_any_order_are_published_from_the_issuer_to_the_root()
        => AssertPublished(Settings([issuing], [root, policy]), issuing, policy, root);

    [Fact]
    public void The_issuer_may_stand_in_the_chain_as_the_book_has_it_and_is_published_once()
        => AssertPublished(Settings([issuing], [issuing, policy], [root]), issuing, policy, root);

    [Fact]
    public void The_cert_file_may_go_on_with_the_chain() => AssertPublished(Settings([issuing, policy, root]), issuing, policy, root);

    [Fact]
    public void A_root_that_issues_itself_needs_no_chain() => AssertPublished(Settings([root]), root);

    [Fact]
    public void A_chain_that_ends_below_the_root_works_and_warns()
    {
        var settings = Settings([issuing], [policy]);
        AssertPublished(settings, issuing, policy);
        var problem = Assert.Single(settings.CheckCertificates());
        Assert.True(problem.IsWarning);
        Assert.Contains("CN=Test Root", problem.Message);
    }

    [Fact]
    public void A_chain_that_leads_elsewhere_is_refused()
    {
        using var otherKey = Make.Key("p256");
        var settings = Settings([issuing], [Make.Root(otherKey, "CN=Other Root")]);
        var problem = Assert.Single(settings.CheckCertificates());
        Assert.False(problem.IsWarning);
        Assert.Equal("chain", problem.Key);
        Assert.Equal(problem.Message, Assert.Throws<CryptographicException>(settings.LoadCertificates).Message);
    }

    // RFC 4210 4.4: during a roll-over two roots have one name; the signature tells them apart.
    [Fact]
    public void Of_two_roots_of_one_name_the_one_that_signed_is_next()
    {
        using var newKey = Make.Key("p256");
        var newRoot = Make.Root(newKey);
        AssertPublished(Settings([policy], [newRoot, root]), policy, root, newRoot);
    }

    [Fact]
    public void The_same_holds_when_the_roots_have_no_key_identifiers()
    {
        using var newKey = Make.Key("p256");
        var (oldRoot, newRoot) = (Make.Root(rootKey, withKeyIdentifier: false), Make.Root(newKey, withKeyIdentifier: false));
        var request = Make.CaRequest(policyKey, "CN=Policy CA");
        var child = request.Create(
            oldRoot.SubjectName, X509SignatureGenerator.CreateForECDsa((ECDsa)rootKey), Make.Now, Make.Now.AddYears(1), [0x17]);
        AssertPublished(Settings([child], [newRoot, oldRoot]), child, oldRoot, newRoot);
    }

    [Fact]
    public void A_new_with_old_certificate_is_not_taken_for_a_root()
    {
        using var newKey = Make.Key("p256");
        var newWithOld = Make.Intermediate(root, rootKey, newKey, "CN=Test Root");
        AssertPublished(Settings([newWithOld], [root]), newWithOld, root);
        Assert.True(Assert.Single(Settings([newWithOld]).CheckCertificates()).IsWarning);
    }

    [Fact]
    public void A_certificate_that_is_no_CA_is_refused_as_issuer()
    {
        using var key = Make.Key("p256");
        var leaf = Make.Request(key, "CN=leaf").CreateSelfSigned(Make.Now.AddYears(-1), Make.Now.AddYears(1));
        Assert.Contains("basicConstraints CA:TRUE", Assert.Throws<CryptographicException>(Settings([leaf]).LoadCertificates).Message);
    }

    // RFC 5280 4.2.1.3: keyCertSign, when the extension stands at all.
    [Fact]
    public void A_key_usage_without_keyCertSign_is_refused()
    {
        using var key = Make.Key("p256");
        var request = Make.Request(key, "CN=odd");
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var plain = request.CreateSelfSigned(Make.Now.AddYears(-1), Make.Now.AddYears(30));
        AssertPublished(Settings([plain]), plain);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        var odd = request.CreateSelfSigned(Make.Now.AddYears(-1), Make.Now.AddYears(30));
        Assert.Contains("keyCertSign", Assert.Throws<CryptographicException>(Settings([odd]).LoadCertificates).Message);
    }

    [Fact]
    public void A_leaf_in_the_chain_is_refused()
    {
        using var key = Make.Key("p256");
        var leaf = Make.Request(key, "CN=leaf").CreateSelfSigned(Make.Now.AddYears(-1), Make.Now.AddYears(1));
        Assert.Contains("CN=leaf is no CA", Assert.Throws<CryptographicException>(Settings([issuing], [policy, root, leaf]).LoadCertificates).Message);
    }

    [Fact]
    public void An_expired_issuer_warns_and_loads()
    {
        using var key = Make.Key("p256");
        var old = Make.CaRequest(key, "CN=Old").CreateSelfSigned(Make.Now.AddYears(-20), Make.Now.AddYears(-10));
        AssertPublished(Settings([old]), old);
        Assert.Contains("expired", Assert.Single(Settings([old]).CheckCertificates(), problem => problem.IsWarning).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void A_file_without_a_certificate_is_named(string text)
    {
        var settings = new TestSettings { Cert = new SettingsFile("/ca/wrong.pem", System.Text.Encoding.ASCII.GetBytes(text)) };
        Assert.Contains("/ca/wrong.pem", Assert.Throws<CryptographicException>(settings.LoadCertificates).Message);
    }

    [Fact]
    public void Der_is_read_as_well()
        => AssertPublished(new TestSettings { Cert = new SettingsFile("/ca/root.der", root.RawData) }, root);

    private static TestSettings Settings(X509Certificate2[] cert, X509Certificate2[]? chain = null, X509Certificate2[]? root = null) => new()
    {
        Cert = Make.File("cert.pem", cert),
        Chain = chain is null ? null : Make.File("chain.pem", chain),
        Root = root is null ? null : Make.File("root.pem", root),
    };

    private static void AssertPublished(TestSettings settings, params X509Certificate2[] expected)
        => Assert.Equal(expected.Select(certificate => certificate.Thumbprint), settings.LoadCertificates().Published.Select(certificate => certificate.Thumbprint));
}
