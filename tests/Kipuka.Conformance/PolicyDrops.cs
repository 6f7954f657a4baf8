using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>What a request asks for and policy does not grant is in the audit record, or refused where the label is strict: never silent.</summary>
public sealed class PolicyDrops(PolicyServer server) : IClassFixture<PolicyServer>
{
    public static TheoryData<string, string, string> Asked => new()
    {
        { "eku", "dropped_eku", "codeSigning" },
        { "usage", "dropped_key_usage", "keyAgreement" },
        { "extension", "dropped_extensions", "1.2.3.4" },
        { "attribute", "dropped_attributes", "1.2.840.113549.1.9.2" },
        { "validity", "validity_requested_days", "30" },
        { "rename", "dropped_change_subject_name", "CN=somebody-else" },
        { "policy", "dropped_extensions", "2.5.29.32" },
    };

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task It_is_audited_and_a_strict_label_refuses_it(string asked, string field, string value)
    {
        using var csr = new Csr($"CN=asks-{asked}", change: Ask(asked));
        var granted = await server.EnrollAsync(csr, "loose/simpleenroll");
        Assert.True(granted.Status == HttpStatusCode.OK, granted.ToString());
        Assert.Equal($"CN=asks-{asked}", granted.Certificate.Subject);
        Assert.Equal(value, (await server.AuditedAsync("cert.issued", $"CN=asks-{asked}"))[field]);

        var refused = await server.EnrollAsync(csr, "strict/simpleenroll");
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.StartsWith("strict", refused.Text, StringComparison.Ordinal);
        Assert.Contains(value, refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strict_label_grants_what_asks_for_nothing_else()
    {
        using var csr = new Csr("CN=modest", ["modest.example"], change: request =>
        {
            Requests.Usages("1.3.6.1.5.5.7.3.1")(request);
            Requests.Validity(5)(request);
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        });
        var answer = await server.EnrollAsync(csr, "strict/simpleenroll");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
    }

    [Fact]
    public async Task ChangeSubjectName_gives_no_other_name_where_nothing_is_renewed()
    {
        var holder = await server.Kipuka.EnrollDeviceAsync("CN=holder", path: "loose/simpleenroll");
        using var csr = new Csr("CN=holder", change: Requests.NewSubject("CN=victim"));
        var answer = await server.Kipuka.EnrollAsync(csr, certificate: holder, path: "loose/simpleenroll");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        Assert.Equal("CN=holder", answer.Certificate.Subject);
        using var other = new Csr("CN=victim");
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Kipuka.EnrollAsync(other, certificate: holder, path: "loose/simpleenroll")).Status);
    }

    [Fact]
    public async Task A_certificate_issued_without_proof_of_possession_is_audited_as_such()
    {
        using var csr = new Csr("CN=unproven");
        var broken = csr.Der;
        broken[^1] ^= 1;
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(broken, "unproven/simpleenroll")).Status);
        Assert.Equal("not proven", (await server.AuditedAsync("cert.issued", "CN=unproven"))["possession"]);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync(broken, "loose/simpleenroll")).Status);
        using var fine = new Csr("CN=proven");
        Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(fine, "loose/simpleenroll")).Status);
        Assert.DoesNotContain("possession", (await server.AuditedAsync("cert.issued", "CN=proven")).Keys);
    }

    [Theory]
    [InlineData("loose", "1.3.6.1.4.1.99999.1,1.3.6.1.4.1.99999.2", "https://example.com/cps")]
    [InlineData("policies", "2.23.140.1.2.1", null)]
    [InlineData("own", null, null)]
    [Requirement("RFC 5280", "4.2.1.4", Level.Must, "Certificate policies are those that the operator states, none of them twice.")]
    public async Task Certificate_policies_are_the_labels_or_the_CAs_RFC_5280_section_4_2_1_4(string label, string? policies, string? cps)
    {
        using var csr = new Csr("CN=x,O=Acme");
        var certificate = (await server.EnrollAsync(csr, $"{label}/simpleenroll")).Certificate;
        var extension = certificate.Extensions.SingleOrDefault(one => one.Oid!.Value == "2.5.29.32");
        Assert.Equal(policies is null, extension is null);
        if (extension is null) return;
        Assert.False(extension.Critical);
        using var folder = new ScratchFolder();
        await File.WriteAllTextAsync(folder["c.pem"], certificate.ExportCertificatePem());
        var text = (await Tool.RunAsync("openssl", ["x509", "-in", folder["c.pem"], "-noout", "-ext", "certificatePolicies"])).Output;
        Assert.All(policies!.Split(','), oid => Assert.Contains($"Policy: {oid}", text, StringComparison.Ordinal));
        Assert.Equal(policies.Split(',').Length, text.Split("Policy: ").Length - 1);
        Assert.Equal(cps is not null, text.Contains($"CPS: {cps}", StringComparison.Ordinal) && cps is not null);
    }

    private static Action<CertificateRequest> Ask(string what) => what switch
    {
        "eku" => Requests.Usages("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.3"),
        "usage" => request => request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyAgreement, true)),
        "extension" => request => request.CertificateExtensions.Add(new X509Extension("1.2.3.4", [5, 0], false)),
        "attribute" => request => request.OtherRequestAttributes.Add(new AsnEncodedData(new Oid("1.2.840.113549.1.9.2"), RawCsr.Tlv(0x0C, "x"u8.ToArray()))),
        "validity" => Requests.Validity(30),
        "rename" => Requests.NewSubject("CN=somebody-else"),
        _ => request => request.CertificateExtensions.Add(new X509Extension("2.5.29.32", RawCsr.Sequence(RawCsr.Sequence(RawCsr.Oid("1.2.3"))), false)),
    };
}
