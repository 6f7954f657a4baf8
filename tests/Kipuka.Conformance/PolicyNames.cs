using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>RFC 5280 section 4.2.1.10: the name constraints of a CA, and of those above it, are kept before anything is signed.</summary>
public sealed class PolicyNames(PolicyServer server) : IClassFixture<PolicyServer>
{
    [Theory]
    [InlineData("CN=x", "www.example.com", true)]
    [InlineData("CN=x", "www.example.org", false)]
    [InlineData("CN=x", "a.secret.example.com", false)]
    [InlineData("CN=x", "10.1.2.3", true)]
    [InlineData("CN=x", "11.1.2.3", false)]
    [InlineData("CN=x", "2001:db8::1", false)]
    [InlineData("CN=www.example.com", null, true)]
    [InlineData("CN=www.example.org", null, false)]
    [Requirement("RFC 5280", "4.2.1.10", Level.Must, "Every name keeps the name constraints of the CAs above.")]
    public async Task What_the_root_above_the_CA_forbids_is_400_and_named(string subject, string? name, bool allowed)
    {
        using var csr = new Csr(subject, name is null ? null : [name]);
        await JudgedAsync(csr, "below", allowed);
    }

    [Theory]
    [InlineData("me@example.com", true)]
    [InlineData("me@mail.example.com", false)]
    [Requirement("RFC 5280", "4.2.1.10", Level.Must, "Every name keeps the name constraints of the CAs above.")]
    public async Task Mailboxes_are_judged_as_alternative_names_and_in_the_subject(string mailbox, bool allowed)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress(mailbox);
        using var csr = new Csr("CN=x", change: request => request.CertificateExtensions.Add(names.Build()));
        await JudgedAsync(csr, "below", allowed);
        using var subject = new Csr($"CN=x,E={mailbox}");
        await JudgedAsync(subject, "below", allowed);
    }

    [Theory]
    [InlineData("CN=x,O=Acme", true)]
    [InlineData("CN=x,O=ACME", true)]
    [InlineData("O=Acme,CN=x", false)]
    [InlineData("CN=x", false)]
    [Requirement("RFC 5280", "4.2.1.10", Level.Must, "Every name keeps the name constraints of the CAs above.")]
    public async Task The_subtree_of_the_CA_itself_is_about_the_subjects_first_names(string subject, bool allowed)
    {
        using var csr = new Csr(subject);
        await JudgedAsync(csr, "own", allowed);
    }

    [Fact]
    [Requirement("RFC 5280", "4.2.1.10", Level.Must, "Every name keeps the name constraints of the CAs above.")]
    public async Task What_is_issued_passes_openssl_verify()
    {
        using var folder = new ScratchFolder();
        using var csr = new Csr("CN=x", ["www.example.com", "10.1.2.3"]);
        var issued = (await server.EnrollAsync(csr, "below/simpleenroll")).Certificate;
        var published = (await server.Kipuka.SendAsync(HttpMethod.Get, "below/cacerts")).Certificates;
        await File.WriteAllTextAsync(folder["leaf.pem"], issued.ExportCertificatePem());
        await File.WriteAllTextAsync(folder["ca.pem"], string.Join('\n', published.Select(certificate => certificate.ExportCertificatePem())));
        var verified = await Tool.RunAsync("openssl", ["verify", "-CAfile", folder["ca.pem"], folder["leaf.pem"]]);
        Assert.True(verified.ExitCode == 0, verified.ToString());
    }

    [Fact]
    [Requirement("RFC 5280", "4.1.2.4", Level.Must, "Names are encoded as UTF8String where other types are not prescribed.")]
    public async Task A_subject_that_RFC_5280_gives_no_encoding_is_400()
    {
        static byte[] Mailbox(string text) => RawCsr.Sequence(RawCsr.Set(RawCsr.Sequence(
            RawCsr.Oid("1.2.840.113549.1.9.1"), RawCsr.Tlv(0x0C, System.Text.Encoding.UTF8.GetBytes(text)))));
        var refused = await server.PostAsync(RawCsr.Build(Mailbox("mü@example.com")), "loose/simpleenroll");
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.StartsWith("subject-encoding", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(RawCsr.Build(Mailbox("mu@example.com")), "loose/simpleenroll")).Status);
    }

    private async Task JudgedAsync(Csr csr, string label, bool allowed)
    {
        var answer = await server.EnrollAsync(csr, $"{label}/simpleenroll");
        Assert.True(answer.Status == (allowed ? HttpStatusCode.OK : HttpStatusCode.BadRequest), answer.ToString());
        if (!allowed) Assert.StartsWith("name-constraints", answer.Text, StringComparison.Ordinal);
    }
}
