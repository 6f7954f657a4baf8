using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary><c>revoke_previous</c>: what becomes of a certificate that was renewed. Only that one, only once, and only when the new one has arrived.</summary>
public sealed class RevokePrevious(RevokePrevious.Server server) : IClassFixture<RevokePrevious.Server>
{
    public sealed class Server : EstServer
    {
        protected override ServerSetup Setup => new()
        {
            More = """
                [enrollment]
                revoke_previous = "on-success"
                [[est.label]]
                name = "at-once"
                ca_id = "default"
                require_san = false
                subject_pattern = "^CN="
                [[est.label]]
                name = "never"
                ca_id = "default"
                require_san = false
                revoke_previous = "none"
                [[est.label]]
                name = "later"
                ca_id = "default"
                require_san = false
                revoke_previous = "after:7d"
                """,
        };
    }

    [Fact]
    public async Task On_success_the_renewed_certificate_is_revoked_as_superseded_and_no_other()
    {
        using var device = await DeviceAsync("once", "at-once");
        using var sibling = await DeviceAsync("once", "at-once");
        using var csr = new Csr("CN=once");
        var renewed = await RenewAsync(device, csr, "at-once");
        await BecomesRevokedAsync(server.Kipuka, device);
        Assert.Equal("superseded", (await ShowAsync(server.Kipuka, device)).Reason);
        Assert.Equal("active", (await ShowAsync(server.Kipuka, sibling)).Status);
        Assert.Equal("active", (await ShowAsync(server.Kipuka, renewed)).Status);
        var record = Assert.Single(JournalRecord.Of(server.Kipuka, "cert.revoked"), record => Is(record, device));
        Assert.Equal(("superseded", "at-once"), (record.Details["reason"], record.Label));
        // Whoever has it renews no more; the new one goes on.
        using var again = new Csr("CN=once");
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Kipuka.EnrollAsync(again, null, device, "at-once/simplereenroll")).Status);
        using var withNew = TestAuthority.WithKey(renewed, csr.Key);
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.EnrollAsync(again, null, withNew, "at-once/simplereenroll")).Status);
    }

    [Fact]
    public async Task Elsewhere_it_stays_good_or_stays_so_for_a_while()
    {
        foreach (var label in (string[])["never", "later"])
        {
            using var device = await DeviceAsync($"kept-{label}", label);
            using var first = new Csr($"CN=kept-{label}");
            await RenewAsync(device, first, label);
            // A second renewal with the same certificate: it has not been revoked in between.
            using var second = new Csr($"CN=kept-{label}");
            await RenewAsync(device, second, label);
            Assert.Equal("active", (await ShowAsync(server.Kipuka, device)).Status);
        }
    }

    [Fact]
    public async Task The_path_without_a_label_follows_the_enrollment_table()
    {
        using var device = await server.Kipuka.EnrollDeviceAsync("CN=bare");
        using var csr = new Csr("CN=bare");
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.EnrollAsync(csr, null, device, "simplereenroll")).Status);
        await BecomesRevokedAsync(server.Kipuka, device);
    }

    [Fact]
    public async Task A_refused_renewal_and_an_enrollment_revoke_nothing()
    {
        using var device = await DeviceAsync("refused", "at-once");
        using var wrong = new Csr("CN=somebody-else");
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Kipuka.EnrollAsync(wrong, null, device, "at-once/simplereenroll")).Status);
        using var more = new Csr("CN=refused");
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.EnrollAsync(more, null, device, "at-once/simpleenroll")).Status);
        // What comes after both: a renewal that works revokes what it renews, so whatever the two had left would have been done by then.
        using var other = await DeviceAsync("witness", "at-once");
        using var csr = new Csr("CN=witness");
        await RenewAsync(other, csr, "at-once");
        await BecomesRevokedAsync(server.Kipuka, other);
        Assert.Equal("active", (await ShowAsync(server.Kipuka, device)).Status);
    }

    [Fact]
    public async Task What_is_due_is_done_after_a_restart_and_once()
    {
        await using var own = await KipukaServer.StartAsync(new ServerSetup { More = "[enrollment]\nrevoke_previous = \"after:2s\"\n" });
        using var device = await own.EnrollDeviceAsync("CN=restart");
        using var csr = new Csr("CN=restart");
        Assert.Equal(HttpStatusCode.OK, (await own.EnrollAsync(csr, null, device, "simplereenroll")).Status);
        await IsDueAsync(own);
        await own.KillAsync();
        await own.StartProcessAsync();
        await BecomesRevokedAsync(own, device);
        await own.KillAsync();
        await own.StartProcessAsync();
        Assert.Single(JournalRecord.Of(own, "cert.revoked"));
    }

    /// <summary>Asks until the answer is that it is revoked: the server does it by itself, right after the answer was written.</summary>
    internal static async Task BecomesRevokedAsync(KipukaServer server, X509Certificate2 certificate)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await ShowAsync(server, certificate)).Status != "revoked")
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    // The mark that the answer was delivered is durable a moment after it.
    private static async Task IsDueAsync(KipukaServer server)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (JournalRecord.Count(server, "due_revocations") == 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await server.AdminAsync(HttpMethod.Get, "certs");
        }
    }

    private static async Task<(string? Status, string? Reason)> ShowAsync(KipukaServer server, X509Certificate2 certificate)
    {
        var (status, body, text) = await server.AdminAsync(HttpMethod.Get, $"certs/{certificate.SerialNumber}");
        Assert.True(status == HttpStatusCode.OK, text);
        var view = body!.Value.GetProperty("certificate");
        return (view.GetProperty("status").GetString(), view.GetProperty("revocation_reason").GetString());
    }

    private static bool Is(JournalRecord record, X509Certificate2 certificate)
        => string.Equals(record.Serial, certificate.SerialNumber, StringComparison.OrdinalIgnoreCase);

    private Task<X509Certificate2> DeviceAsync(string name, string label) => server.Kipuka.EnrollDeviceAsync($"CN={name}", path: $"{label}/simpleenroll");

    private async Task<X509Certificate2> RenewAsync(X509Certificate2 device, Csr csr, string label)
    {
        var answer = await server.Kipuka.EnrollAsync(csr, null, device, $"{label}/simplereenroll");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        return answer.Certificate;
    }
}
