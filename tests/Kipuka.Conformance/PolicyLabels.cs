using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>Rulings 8, 19, 27, 37 to 41, 56: what a label allows. A refusal is 400 and its text names the rule.</summary>
public sealed class PolicyLabels(LabelServer server) : IClassFixture<LabelServer>
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";
    private const string EmailProtection = "1.3.6.1.5.5.7.3.4";
    private const string OcspSigning = "1.3.6.1.5.5.7.3.9";
    private const string CmcRa = "1.3.6.1.5.5.7.3.28";

    [Fact]
    public async Task A_key_type_that_is_not_listed_is_refused_and_the_text_says_what_is()
    {
        await RefusedAsync("p384", "CN=k", "ecdsa-p384");
        await GrantedAsync("p384", "CN=k", key: ECDsa.Create(ECCurve.NamedCurves.nistP384));
    }

    [Fact]
    public async Task The_defaults_of_enrollment_hold_without_a_label_and_for_labels_that_say_nothing()
    {
        await RefusedAsync("", "CN=r", "allowed_key_types", key: RSA.Create(2048));
        await RefusedAsync("plain", "CN=r", "allowed_key_types", ["r.example"], RSA.Create(2048));
        await GrantedAsync("rsa", "CN=r", key: RSA.Create(2048));
    }

    [Fact]
    public async Task A_signature_algorithm_that_is_not_listed_is_refused()
    {
        using var key = RSA.Create(2048);
        var sha512 = new CertificateRequest("CN=hash", key, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1).CreateSigningRequest();
        var answer = await server.PostAsync(sha512, "rsa/simpleenroll");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("allowed_signature_algorithms", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_label_wants_an_alternative_name_and_the_unlabelled_path_does_not()
    {
        await RefusedAsync("plain", "CN=n", "require_san");
        await GrantedAsync("plain", "CN=n", ["n.example"]);
        await GrantedAsync("", "CN=n");
    }

    [Theory]
    [InlineData("CN=dev-a,O=Acme", true)]
    [InlineData("CN=dev-A,O=Acme", false)]
    [InlineData("O=Acme,CN=dev-a", false)]
    [InlineData("CN=\"dev-a,O=Acme\"", false)]
    [InlineData("CN=\"x,CN=dev-a\",O=Acme", false)]
    public async Task subject_pattern_is_matched_against_attributes_in_encoded_order_with_escaped_values(string subject, bool allowed)
    {
        // The platform writes a name's text in the order in which it encodes it.
        var encoded = new X500DistinguishedName(subject, X500DistinguishedNameFlags.None);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var answer = await server.PostAsync(new CertificateRequest(encoded, key, HashAlgorithmName.SHA256).CreateSigningRequest(), "pattern/simpleenroll");
        Assert.True(answer.Status == (allowed ? HttpStatusCode.OK : HttpStatusCode.BadRequest), answer.ToString());
        if (!allowed)
        {
            Assert.Contains("subject_pattern", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_regular_expression_that_explodes_elsewhere_answers_at_once()
    {
        var bomb = new string('a', 60_000);
        var refused = await server.PostAsync(Convert.ToBase64String(RawCsr.Build(RawCsr.Name(bomb + "!")))  , "bomb/simpleenroll").WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        using var csr = new Csr("CN=" + new string('a', 60));
        var granted = await server.EnrollAsync(csr, "bomb/simpleenroll");
        Assert.Equal(HttpStatusCode.OK, granted.Status);
    }

    [Theory]
    [InlineData("", new string[0], new[] { ServerAuth, ClientAuth })]
    [InlineData("", new[] { ClientAuth }, new[] { ClientAuth })]
    [InlineData("", new[] { ServerAuth, CodeSigning }, new[] { ServerAuth })]
    [InlineData("", new[] { OcspSigning, CmcRa, "2.5.29.37.0" }, new[] { ServerAuth, ClientAuth })]
    [InlineData("usage", new string[0], new[] { ClientAuth })]
    [InlineData("usage", new[] { CodeSigning }, new[] { ClientAuth })]
    [InlineData("usage", new[] { EmailProtection }, new[] { ClientAuth, EmailProtection })]
    [InlineData("usage", new[] { OcspSigning, CmcRa }, new[] { ClientAuth, OcspSigning })]
    public async Task Extended_key_usages_are_injected_granted_and_dropped(string label, string[] asked, string[] granted)
    {
        var certificate = await GrantedAsync(label, "CN=eku", change: asked.Length == 0 ? null : Requests.Usages(asked));
        var found = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single();
        Assert.False(found.Critical);
        Assert.Equal(granted.Order(), found.EnhancedKeyUsages.Cast<Oid>().Select(oid => oid.Value!).Order());
    }

    [Theory]
    [InlineData("", 0, 100)]
    [InlineData("", 5, 5)]
    [InlineData("", 300, 100)]
    [InlineData("clamp", 0, 10)]
    [InlineData("clamp", 11, 10)]
    [InlineData("reject", 0, 10)]
    [InlineData("reject", 10, 10)]
    public async Task Validity_is_what_is_asked_at_most_what_is_allowed(string label, int asked, int days)
    {
        var certificate = await GrantedAsync(label, "CN=validity", change: asked == 0 ? null : Requests.Validity(asked));
        Assert.Equal(TimeSpan.FromDays(days), certificate.NotAfter - certificate.NotBefore + TimeSpan.FromSeconds(1));
        Assert.InRange(certificate.NotBefore.ToUniversalTime(), DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow);
    }

    [Fact]
    public async Task validity_policy_reject_refuses_more_than_is_allowed()
        => await RefusedAsync("reject", "CN=validity", "max_validity_days", change: Requests.Validity(11));

    [Fact]
    public async Task No_certificate_outlives_its_issuer()
    {
        var certificate = await GrantedAsync("second", "CN=ok-validity");
        Assert.Equal(server.Second.Certificate.NotAfter, certificate.NotAfter);
    }

    [Theory]
    [InlineData("CN=ok-1", HttpStatusCode.OK)]
    [InlineData("CN=fine2", HttpStatusCode.OK)]
    [InlineData("CN=fine22", HttpStatusCode.Forbidden)]
    [InlineData("CN=not-ok-1", HttpStatusCode.Forbidden)]
    public async Task allowed_subjects_of_the_CA_decide_with_403(string subject, HttpStatusCode status)
    {
        using var csr = new Csr(subject);
        Assert.Equal(status, (await server.EnrollAsync(csr, "second/simpleenroll")).Status);
    }

    [Fact]
    public async Task A_wildcard_is_for_labels_that_allow_it()
    {
        await RefusedAsync("plain", "CN=w", "allow_wildcards", ["*.example.org"]);
        await GrantedAsync("wild", "CN=w", ["*.example.org"]);
        await RefusedAsync("wild", "CN=w", "san-syntax", ["a.*.example.org"]);
    }

    [Fact]
    public async Task Under_the_CAB_forums_rules_P521_strange_common_names_and_long_lives_are_refused_or_cut()
    {
        await RefusedAsync("cabf", "CN=c.example", "cabf", ["c.example"], ECDsa.Create(ECCurve.NamedCurves.nistP521));
        await RefusedAsync("cabf", "CN=d.example", "cabf", ["c.example"]);
        await GrantedAsync("cabf", "CN=c.example", ["c.example"]);
        await GrantedAsync("plain", "CN=c.example", ["c.example"], ECDsa.Create(ECCurve.NamedCurves.nistP521));
    }

    private async Task<X509Certificate2> GrantedAsync(
        string label, string subject, string[]? dns = null, AsymmetricAlgorithm? key = null, Action<CertificateRequest>? change = null)
    {
        var answer = await SendAsync(label, subject, dns, key, change);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        return answer.Certificate;
    }

    private async Task RefusedAsync(
        string label, string subject, string rule, string[]? dns = null, AsymmetricAlgorithm? key = null, Action<CertificateRequest>? change = null)
    {
        var answer = await SendAsync(label, subject, dns, key, change);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(rule, answer.Text, StringComparison.Ordinal);
    }

    private async Task<EstAnswer> SendAsync(string label, string subject, string[]? dns, AsymmetricAlgorithm? key, Action<CertificateRequest>? change)
    {
        using var csr = new Csr(subject, dns, key, change);
        return await server.EnrollAsync(csr, label.Length == 0 ? "simpleenroll" : $"{label}/simpleenroll");
    }
}
