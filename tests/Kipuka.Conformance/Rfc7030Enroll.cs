using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>RFC 7030 section 4.2.1 with rulings 16, 31, 32: who may enroll, and for which names.</summary>
public sealed class Rfc7030Enroll(LabelServer server) : IClassFixture<LabelServer>
{
    [Fact]
    public async Task A_certificate_of_ours_enrolls_at_its_label_for_its_own_names()
    {
        using var device = await DeviceAsync("CN=own", "own.example");
        await AnswersAsync(HttpStatusCode.OK, device, "plain", "CN=own", "own.example");
    }

    [Theory]
    [InlineData("CN=own2", "own.example")]
    [InlineData("CN=own", "own2.example")]
    [InlineData("CN=own", null)]
    [Requirement("RFC 7030", "3.7", Level.Must, "Only a client that authenticated, and may have what it asks for, gets a certificate.")]
    public async Task A_certificate_of_ours_does_not_enroll_for_other_names(string subject, string? dns)
    {
        using var device = await DeviceAsync("CN=own", "own.example");
        await AnswersAsync(HttpStatusCode.Forbidden, device, dns is null ? "" : "plain", subject, dns);
    }

    [Fact]
    public async Task A_certificate_of_ours_is_403_at_another_label_unless_accept_labels_lists_it()
    {
        using var device = await DeviceAsync("CN=label", "label.example");
        await AnswersAsync(HttpStatusCode.Forbidden, device, "wild", "CN=label", "label.example");
        await AnswersAsync(HttpStatusCode.Forbidden, device, "", "CN=label", "label.example");
        await AnswersAsync(HttpStatusCode.OK, device, "ours-only", "CN=label", "label.example");
    }

    [Fact]
    public async Task link_identity_false_lets_a_certificate_of_ours_ask_for_any_names()
    {
        using var device = await DeviceAsync("CN=free", "free.example", "free");
        await AnswersAsync(HttpStatusCode.OK, device, "free", "CN=anything", "anything.example");
    }

    [Fact]
    [Requirement("RFC 7030", "3.3.2", Level.Must, "A client can authenticate with a certificate in the TLS handshake.")]
    public async Task A_bootstrap_certificate_enrolls_for_any_name_unless_bootstrap_is_off()
    {
        using var device = server.Bootstrap.Issue("CN=serial-4711");
        await AnswersAsync(HttpStatusCode.OK, device, "plain", "CN=new", "new.example");
        await AnswersAsync(HttpStatusCode.Forbidden, device, "ours-only", "CN=new", "new.example");
    }

    [Fact]
    [Requirement("RFC 7030", "3.3.2", Level.Must, "A client can authenticate with a certificate in the TLS handshake.")]
    public async Task A_label_with_anchors_of_its_own_accepts_those_and_no_others()
    {
        using var other = server.Other.Issue("CN=other");
        using var bootstrap = server.Bootstrap.Issue("CN=bootstrap");
        await AnswersAsync(HttpStatusCode.OK, other, "own-anchors", "CN=o", "o.example");
        await AnswersAsync(HttpStatusCode.Unauthorized, other, "plain", "CN=o", "o.example");
        await AnswersAsync(HttpStatusCode.Unauthorized, bootstrap, "own-anchors", "CN=o", "o.example");
    }

    [Fact]
    public async Task A_password_with_link_identity_names_its_entity_only()
    {
        async Task<HttpStatusCode> TryAsync(string subject, string[]? dns)
        {
            using var csr = new Csr(subject, dns);
            return (await server.Kipuka.EnrollAsync(csr, await server.Kipuka.CreatePasswordAsync("gate-7"), path: "linked/simpleenroll")).Status;
        }

        Assert.Equal(HttpStatusCode.OK, await TryAsync("CN=gate-7", null));
        Assert.Equal(HttpStatusCode.OK, await TryAsync("CN=gate-7", ["gate-7"]));
        Assert.Equal(HttpStatusCode.Forbidden, await TryAsync("CN=gate-8", null));
        Assert.Equal(HttpStatusCode.Forbidden, await TryAsync("CN=gate-7", ["gate-8"]));
    }

    [Fact]
    public async Task An_untrusted_or_expired_certificate_counts_as_none_so_a_password_succeeds()
    {
        using var stranger = new TestAuthority("Stranger CA");
        using var untrusted = stranger.Issue("CN=stranger");
        using var expired = server.Bootstrap.Issue("CN=old", notBefore: DateTimeOffset.UtcNow.AddDays(-3), notAfter: DateTimeOffset.UtcNow.AddDays(-1));
        foreach (var certificate in new[] { untrusted, expired })
        {
            using var csr = new Csr("CN=fallback", ["fallback.example"]);
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.Kipuka.EnrollAsync(csr, null, certificate, "plain/simpleenroll")).Status);
            Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.EnrollAsync(csr, server.Password, certificate, "plain/simpleenroll")).Status);
        }
    }

    [Fact]
    [Requirement("RFC 7030", "3.7", Level.Must, "Only a client that authenticated, and may have what it asks for, gets a certificate.")]
    public async Task A_revoked_certificate_is_403_and_no_password_helps()
    {
        using var device = await DeviceAsync("CN=revoked", "revoked.example");
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.AdminAsync(HttpMethod.Post, $"certs/{device.SerialNumber}/revoke", new { reason = "keyCompromise" })).Status);
        using var csr = new Csr("CN=revoked", ["revoked.example"]);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Kipuka.EnrollAsync(csr, null, device, "plain/simpleenroll")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Kipuka.EnrollAsync(csr, server.Password, device, "plain/simpleenroll")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.EnrollAsync(csr, server.Password, null, "plain/simpleenroll")).Status);
    }

    [Fact]
    public async Task auth_chooses_a_labels_methods_and_the_challenges_are_theirs()
    {
        using var csr = new Csr("CN=methods", ["methods.example"]);
        using var device = server.Bootstrap.Issue("CN=methods");
        var mtls = await server.EnrollAsync(csr, "mtls-only/simpleenroll");
        Assert.Equal(HttpStatusCode.Unauthorized, mtls.Status);
        Assert.DoesNotContain(mtls.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Basic");
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.EnrollAsync(csr, null, device, "mtls-only/simpleenroll")).Status);
        var otp = await server.Kipuka.EnrollAsync(csr, null, device, "otp-only/simpleenroll");
        Assert.Equal(HttpStatusCode.Unauthorized, otp.Status);
        Assert.Equal("Basic realm=\"est\"", otp.Headers.WwwAuthenticate.ToString());
        Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(csr, "otp-only/simpleenroll")).Status);
    }

    private Task<X509Certificate2> DeviceAsync(string subject, string dns, string label = "plain")
        => server.Kipuka.EnrollDeviceAsync(subject, [dns], $"{label}/simpleenroll");

    private async Task AnswersAsync(HttpStatusCode status, X509Certificate2 device, string label, string subject, string? dns)
    {
        using var csr = new Csr(subject, dns is null ? null : [dns]);
        var answer = await server.Kipuka.EnrollAsync(csr, null, device, label.Length == 0 ? "simpleenroll" : $"{label}/simpleenroll");
        Assert.True(answer.Status == status, answer.ToString());
    }
}
