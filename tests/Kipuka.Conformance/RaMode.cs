using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>Ruling 34: <c>[est.ra] trust_anchors</c>, id-kp-cmcRA and clientAuth together let a client act for others (RFC 7030 section 3.7).</summary>
public sealed class RaMode(RaMode.Server server) : IClassFixture<RaMode.Server>
{
    private const string CmcRa = "1.3.6.1.5.5.7.3.28";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    public sealed class Server : EstServer
    {
        public TestAuthority Registrars { get; } = new("Registrars CA");

        public TestAuthority Others { get; } = new("Other CA");

        protected override ServerSetup Setup => new()
        {
            ClientAuth = "[tls.client_auth]\nmode = \"optional\"\ntrust_anchors = [\"ca.pem\", \"registrars.pem\", \"others.pem\"]\n",
            Files = new Dictionary<string, string> { ["registrars.pem"] = Registrars.CertificatePem, ["others.pem"] = Others.CertificatePem },
            More = """
                [est.ra]
                trust_anchors = ["registrars.pem"]
                [[est.label]]
                name = "iot"
                ca_id = "default"
                require_san = false
                bootstrap = false
                subject_pattern = "^CN=[Dd]"
                [[est.label]]
                name = "moved"
                ca_id = "default"
                require_san = false
                renew_from = ["iot"]
                revoke_previous = "on-success"
                [[est.label]]
                name = "slept"
                ca_id = "default"
                require_san = false
                expired_grace_days = 1
                """,
        };
    }

    [Fact]
    [Requirement("RFC 7030", "3.7", Level.May, "A client certificate with id-kp-cmcRA may mark a registration authority, which asks for others.")]
    [Requirement("RFC 6402", "2.10", Level.Must, "A registration authority has id-kp-cmcRA.")]
    public async Task An_RA_enrolls_for_any_name_that_the_label_allows_and_nobody_else_does()
    {
        using var ra = Ra();
        await EnrollsAsync(HttpStatusCode.OK, ra, "CN=dev-1");
        // One of the three is missing each time; bootstrap is off, so a foreign certificate is nothing here.
        using var noUsage = server.Registrars.Issue("CN=ra", usages: [ClientAuth]);
        using var noClient = server.Registrars.Issue("CN=ra", usages: [CmcRa]);
        using var noAnchor = server.Others.Issue("CN=ra", usages: [ClientAuth, CmcRa]);
        foreach (var other in (X509Certificate2[])[noUsage, noClient, noAnchor])
        {
            await EnrollsAsync(HttpStatusCode.Forbidden, other, "CN=dev-1");
        }
        // Label policy holds for an RA too.
        await EnrollsAsync(HttpStatusCode.BadRequest, ra, "CN=router");
    }

    [Fact]
    public async Task An_RA_renews_for_others_what_the_ledger_holds_under_these_names()
    {
        using var ra = Ra();
        using var device = await DeviceAsync("dev-renew", ["a.example", "b.example"], "iot");
        await RenewsAsync(HttpStatusCode.OK, ra, "CN=dev-renew", ["a.example", "b.example"]);
        // Names are compared decoded and as sets (RFC 5280 section 7).
        await RenewsAsync(HttpStatusCode.OK, ra, "CN=Dev-Renew", ["B.example", "a.EXAMPLE", "a.example"]);
        foreach (var (subject, names) in ((string, string[]?)[])[("CN=dev-none", null), ("CN=dev-renew", null), ("CN=dev-renew", ["a.example"])])
        {
            Assert.StartsWith("nothing-to-renew", (await RenewsAsync(HttpStatusCode.Forbidden, ra, subject, names)).Text, StringComparison.Ordinal);
        }
        // The same certificate without the rights of an RA renews nothing of others.
        using var plain = server.Registrars.Issue("CN=ra", usages: [ClientAuth]);
        await RenewsAsync(HttpStatusCode.Forbidden, plain, "CN=dev-renew", ["a.example", "b.example"]);
    }

    [Fact]
    public async Task A_certificate_of_another_label_is_403_unless_renew_from_lists_it_and_the_devices_is_what_is_revoked()
    {
        using var ra = Ra();
        using var device = await DeviceAsync("dev-moved", null, "iot");
        await RenewsAsync(HttpStatusCode.Forbidden, ra, "CN=dev-moved", null, "slept");
        await RenewsAsync(HttpStatusCode.OK, ra, "CN=dev-moved", null, "moved");
        await RevokePrevious.BecomesRevokedAsync(server.Kipuka, device);
        // Nothing of the RA's was revoked.
        await EnrollsAsync(HttpStatusCode.OK, ra, "CN=dev-moved-again");
    }

    [Fact]
    public async Task A_revoked_certificate_is_403_for_an_RA_too()
    {
        using var ra = Ra();
        using var device = await DeviceAsync("dev-gone", null, "iot");
        await RenewsAsync(HttpStatusCode.OK, ra, "CN=dev-gone", null, "iot");
        var (_, list, _) = await server.Kipuka.AdminAsync(HttpMethod.Get, "certs?subject=dev-gone");
        foreach (var certificate in list!.Value.GetProperty("certificates").EnumerateArray())
        {
            var serial = certificate.GetProperty("serial").GetString();
            Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.AdminAsync(HttpMethod.Post, "revoke", new { serial })).Status);
        }
        await RenewsAsync(HttpStatusCode.Forbidden, ra, "CN=dev-gone", null, "iot");
    }

    [Fact]
    public async Task An_expired_certificate_is_403_but_within_expired_grace_days_renewed()
    {
        using var ra = Ra();
        foreach (var (label, status) in ((string, HttpStatusCode)[])[("moved", HttpStatusCode.Forbidden), ("slept", HttpStatusCode.OK)])
        {
            using var csr = new Csr("CN=sleeper", change: Requests.Validity(60, "Seconds"));
            var expired = await server.EnrollAsync(csr, $"{label}/simpleenroll");
            Assert.True(expired.Certificate.NotAfter < DateTime.Now);
            await RenewsAsync(status, ra, "CN=sleeper", null, label);
        }
    }

    [Fact]
    public async Task Every_record_of_what_an_RA_asks_says_so()
    {
        using var ra = server.Registrars.Issue("CN=auditable ra", usages: [ClientAuth, CmcRa]);
        await EnrollsAsync(HttpStatusCode.OK, ra, "CN=dev-audit");
        await EnrollsAsync(HttpStatusCode.BadRequest, ra, "CN=router-audit");
        var records = JournalRecord.Of(server.Kipuka).FindAll(record => record.Actor == "mtls:CN=auditable ra");
        Assert.Contains(records, record => record.Name == "cert.issued" && record.Details["subject"] == "CN=dev-audit");
        Assert.Contains(records, record => record.Name == "cert.denied");
        Assert.All(records, record => Assert.Equal(("true", "CN=auditable ra"), (record.Details["ra"], record.Details["ra_subject"])));
        using var device = await DeviceAsync("dev-plain", null, "iot");
        Assert.All(JournalRecord.Of(server.Kipuka).Where(record => record.Actor?.StartsWith("otp:", StringComparison.Ordinal) == true), record => Assert.False(record.Details.ContainsKey("ra")));
    }

    private X509Certificate2 Ra() => server.Registrars.Issue("CN=ra", usages: [ClientAuth, CmcRa]);

    private async Task<X509Certificate2> DeviceAsync(string name, string[]? dns, string label)
        => await server.Kipuka.EnrollDeviceAsync($"CN={name}", dns, $"{label}/simpleenroll");

    private async Task EnrollsAsync(HttpStatusCode status, X509Certificate2 who, string subject)
    {
        using var csr = new Csr(subject);
        var answer = await server.Kipuka.EnrollAsync(csr, null, who, "iot/simpleenroll");
        Assert.True(answer.Status == status, answer.ToString());
    }

    private async Task<EstAnswer> RenewsAsync(HttpStatusCode status, X509Certificate2 who, string subject, string[]? dns, string label = "iot")
    {
        using var csr = new Csr(subject, dns);
        var answer = await server.Kipuka.EnrollAsync(csr, null, who, $"{label}/simplereenroll");
        Assert.True(answer.Status == status, answer.ToString());
        return answer;
    }
}
