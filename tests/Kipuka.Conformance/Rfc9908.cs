using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>RFC 9908 with ruling 29: what /csrattrs says comes from the policy that then judges the CSR.</summary>
public sealed class Rfc9908(Rfc9908.Server server) : IClassFixture<Rfc9908.Server>
{
    private const string SubjectAltName = "2.5.29.17";
    private const string ExtKeyUsage = "2.5.29.37";
    private const string KeyUsage = "2.5.29.15";

    public sealed class Server : EstServer
    {
        protected override ServerSetup Setup => new()
        {
            More = """
                [[est.label]]
                name = "ec"
                ca_id = "default"
                allowed_key_types = ["ecdsa-p384", "rsa-2048"]
                allowed_signature_algorithms = ["sha384"]
                required_ext_key_usage = ["clientAuth"]
                [[est.label]]
                name = "rsa"
                ca_id = "default"
                allowed_key_types = ["rsa-3072"]
                require_san = false
                [[est.label]]
                name = "usage"
                ca_id = "default"
                require_san = false
                required_ext_key_usage = ["clientAuth"]
                [[est.label]]
                name = "quiet"
                ca_id = "default"
                require_san = false
                [[est.label]]
                name = "named"
                ca_id = "default"
                require_san = false
                subject_pattern = "^O=Acme,CN=.+$"
                csr_attributes = ["1.2.840.113549.1.9.7", "1.2.840.10045.2.1"]
                [est.label.csr_template]
                key_algorithm = "ecdsa-p256"
                required_extensions = ["keyUsage", "2.5.29.17"]
                subject = [{ oid = "O", value = "Acme" }, { oid = "2.5.4.3" }]
                [[est.label]]
                name = "old"
                ca_id = "default"
                csr_attributes_form = "attributes"
                allowed_key_types = ["ecdsa-p256"]
                [[est.label]]
                name = "new"
                ca_id = "default"
                csr_attributes_form = "template"
                allowed_key_types = ["ecdsa-p256"]
                """,
        };
    }

    [Fact]
    [Requirement("RFC 7030", "4.5.2", Level.Must, "/csrattrs is 200 with application/csrattrs, or 204 or 404 where there is nothing to say.")]
    public async Task With_nothing_to_say_the_answer_is_204_RFC_7030_section_4_5_2()
    {
        Assert.Equal(HttpStatusCode.NoContent, (await GetAsync("")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await GetAsync("quiet/")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("ec/")).Status);
    }

    [Fact]
    [Requirement("RFC 9908", "3.2", Level.Must, "Exactly one attribute says the kind of key, with its curve or size.")]
    public async Task Section_3_2_exactly_one_attribute_says_the_kind_of_key_with_its_curve()
    {
        var list = await ReadAsync("ec");
        var (_, values) = Assert.Single(list.Elements, element => element.Oid is CsrAttrs.EcKey or CsrAttrs.RsaKey);
        Assert.Equal(RawCsr.Oid("1.3.132.0.34"), Assert.Single(values!));
        Assert.Contains("1.2.840.10045.4.3.3", list.Bare);
    }

    [Fact]
    [Requirement("RFC 9908", "3.2", Level.Must, "Exactly one attribute says the kind of key, with its curve or size.")]
    public async Task Section_3_2_an_RSA_key_is_said_with_its_size()
    {
        var (oid, values) = Assert.Single((await ReadAsync("rsa")).Elements, element => element.Oid is CsrAttrs.EcKey or CsrAttrs.RsaKey);
        Assert.Equal(CsrAttrs.RsaKey, oid);
        Assert.Equal(RawCsr.Tlv(0x02, [0x0C, 0x00]), Assert.Single(values!));
    }

    [Fact]
    [Requirement("RFC 9908", "3.2", Level.Must, "Extensions are asked for in one id-ExtensionReq with one value, none of them twice.")]
    public async Task Section_3_2_one_ExtensionReq_with_one_Extensions_holds_what_is_required_and_its_values()
    {
        var extensions = (await ReadAsync("ec")).Extensions();
        Assert.Equal([SubjectAltName, ExtKeyUsage], extensions.Select(extension => extension.Oid));
        Assert.Equal(RawCsr.Sequence(RawCsr.Oid("1.3.6.1.5.5.7.3.2")), extensions[1].Value);
        Assert.Equal(RawCsr.Sequence(), extensions[0].Value);
    }

    [Fact]
    [Requirement("RFC 9908", "3.4", Level.Must, "A template has at most one list of extensions: the plain one where every value is given, else the one that leaves values open.")]
    public async Task Section_3_4_the_template_leaves_open_what_the_client_fills_and_gives_what_is_fixed()
    {
        var template = (await ReadAsync("ec")).ReadTemplate()!;
        Assert.Null(template.Subject);
        Assert.Equal((CsrAttrs.EcKey, "1.3.132.0.34", null), (template.KeyAlgorithm, template.Curve, template.RsaBits));
        Assert.Equal(CsrAttrs.ExtensionTemplate, template.RequestOid);
        Assert.Null(template.Extensions.Single(extension => extension.Oid == SubjectAltName).Value);
        Assert.NotNull(template.Extensions.Single(extension => extension.Oid == ExtKeyUsage).Value);
    }

    [Fact]
    [Requirement("RFC 9908", "3.4", Level.Must, "A template has at most one list of extensions: the plain one where every value is given, else the one that leaves values open.")]
    public async Task Section_3_4_where_no_value_is_open_the_extension_request_MUST_be_the_plain_one()
    {
        var template = (await ReadAsync("usage")).ReadTemplate()!;
        Assert.Equal(CsrAttrs.ExtensionRequest, template.RequestOid);
        Assert.Null(template.KeyAlgorithm);
    }

    [Fact]
    [Requirement("RFC 9908", "3.4", Level.Must, "A template says the size of an RSA key by a placeholder, and has no key bits for others.")]
    public async Task Section_3_4_the_size_of_an_RSA_key_is_said_by_a_placeholder_and_an_EC_key_has_no_bits()
    {
        Assert.Equal(3072, (await ReadAsync("rsa")).ReadTemplate()!.RsaBits);
        Assert.Null((await ReadAsync("ec")).ReadTemplate()!.RsaBits);
    }

    [Fact]
    [Requirement("RFC 9908", "3.4", Level.Must, "A template's subject has an RDN for each attribute, without value where the client fills it.")]
    public async Task Section_3_4_the_subject_has_an_RDN_for_each_attribute_with_its_value_or_without()
    {
        var list = await ReadAsync("named");
        Assert.Equal([("2.5.4.10", "Acme"), ("2.5.4.3", null)], list.ReadTemplate()!.Subject!);
        Assert.Equal([KeyUsage, SubjectAltName], list.ReadTemplate()!.Extensions.Select(extension => extension.Oid));
        Assert.Contains("2.5.4.10", list.Bare);
        // Its own bare ecPublicKey gives way to the attribute with the curve.
        Assert.NotNull(Assert.Single(list.Elements, element => element.Oid == CsrAttrs.EcKey).Values);
    }

    [Fact]
    [Requirement("RFC 9908", "4", Level.May, "List and template may stand in one answer, or one of them alone.")]
    public async Task Section_4_a_label_may_say_it_in_one_form_only()
    {
        var old = await ReadAsync("old");
        Assert.Null(old.ReadTemplate());
        Assert.NotEmpty(old.Extensions());
        var one = await ReadAsync("new");
        Assert.Equal(CsrAttrs.Template, Assert.Single(one.Elements).Oid);
        Assert.NotNull(one.ReadTemplate());
    }

    [Theory]
    [InlineData("ec")]
    [InlineData("rsa")]
    [InlineData("usage")]
    [InlineData("named")]
    [InlineData("new")]
    public async Task A_CSR_made_as_advised_is_granted(string label)
    {
        var answer = await server.PostAsync((await ReadAsync(label)).Follow("device.example"), $"{label}/simpleenroll");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
    }

    [Theory]
    [InlineData("ec", "allowed_key_types")]
    [InlineData("rsa", "allowed_key_types")]
    [InlineData("named", "subject_pattern")]
    [InlineData("new", "require_san")]
    public async Task A_CSR_that_ignores_the_advice_is_refused(string label, string constraint)
    {
        using var csr = new Csr("CN=device.example");
        var answer = await server.EnrollAsync(csr, $"{label}/simpleenroll");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(constraint, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Requirement("RFC 7030", "4.5.2", Level.Must, "Where requests have to be linked to their connection, /csrattrs asks for challengePassword.")]
    public async Task challengePassword_is_asked_for_in_every_form_where_the_binding_is_required_RFC_7030_section_4_5_2()
    {
        await using var bound = await KipukaServer.StartAsync(new ServerSetup
        {
            Est = "channel_binding = \"required\"",
            More = "[[est.label]]\nname = \"new\"\nca_id = \"default\"\ncsr_attributes_form = \"template\"\n",
        });
        foreach (var label in (string[])["", "new/"])
        {
            Assert.Contains(RawCsr.ChallengePassword, CsrAttrs.Read(await bound.SendAsync(HttpMethod.Get, $"{label}csrattrs")).Bare);
        }
        Assert.DoesNotContain(RawCsr.ChallengePassword, (await ReadAsync("ec")).Bare);
    }

    [Fact]
    [Requirement("RFC 8951", "4", Level.Must, "/csrattrs is a SEQUENCE of OIDs and attributes.")]
    public async Task openssl_reads_the_answer_to_its_last_byte()
    {
        using var folder = new ScratchFolder();
        await File.WriteAllBytesAsync(folder["attrs.der"], Convert.FromBase64String((await GetAsync("named/")).Text));
        var parsed = await Tool.RunAsync("openssl", ["asn1parse", "-inform", "DER", "-in", folder["attrs.der"]]);
        Assert.Equal(0, parsed.ExitCode);
        Assert.Contains("challengePassword", parsed.Output, StringComparison.Ordinal);
        Assert.Contains("Extension Request", parsed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("error", parsed.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task kipuka_est_csrattrs_says_it_in_words()
    {
        var told = await Tool.RunAsync(Repository.Executable, ["est", "csrattrs", "--url", $"https://localhost:{server.Kipuka.Port}", "--cacert", server.Kipuka.CaFile, "--label", "named"]);
        Assert.True(told.ExitCode == 0, told.ToString());
        Assert.Contains("key ecdsa-p256", told.Output, StringComparison.Ordinal);
        Assert.Contains("  subject O = Acme", told.Output, StringComparison.Ordinal);
        Assert.Contains("  subject CN yours to fill in", told.Output, StringComparison.Ordinal);
        Assert.Contains("  extension keyUsage yours to fill in", told.Output, StringComparison.Ordinal);
        Assert.Contains("challengePassword", told.Output, StringComparison.Ordinal);
    }

    private Task<EstAnswer> GetAsync(string label) => server.Kipuka.SendAsync(HttpMethod.Get, $"{label}csrattrs");

    private async Task<CsrAttrs> ReadAsync(string label) => CsrAttrs.Read(await GetAsync(label + "/"));
}
