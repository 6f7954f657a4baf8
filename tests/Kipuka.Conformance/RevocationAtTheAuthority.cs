using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Kipuka.Conformance;

/// <summary>Ruling 50: the ledger is marked first, then the CA told, retried until it agrees.</summary>
public sealed class RevocationAtTheAuthority : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ScriptedCa _scripted = new();
    private KipukaServer _server = null!;

    public async Task InitializeAsync() => _server = await KipukaServer.StartAsync(new ServerSetup
    {
        Plugins = ["ca-scripted"],
        Files = _scripted.Files("issue"),
        More = _scripted.Tables("slow", timeout: "3s"),
    });

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _scripted.Dispose();
    }

    [Fact]
    public async Task A_CA_is_told_once_and_the_certificates_details_and_the_journal_say_so()
    {
        using var device = await _server.EnrollDeviceAsync("CN=told", path: "slow/simpleenroll");
        Assert.False((await ShowAsync(device)).TryGetProperty("ca_notice", out var none) && none.ValueKind != JsonValueKind.Null);
        await RevokeAsync(device, "keyCompromise");
        var notice = await NoticeAsync(device, "told");
        Assert.Equal(1, notice.GetProperty("attempts").GetInt32());
        Assert.True(notice.GetProperty("told_at").GetDateTimeOffset() > DateTimeOffset.UtcNow.AddMinutes(-5));
        Assert.Equal([$"told issue {Serial(device)} KeyCompromise", $"revoked {Serial(device)} KeyCompromise"], Calls(device));
        Assert.Equal(["revocation.told"], await EventsAsync(device));

        // It stays so after a restart.
        Assert.Equal(0, await _server.StopAsync());
        await _server.StartProcessAsync();
        using var other = await _server.EnrollDeviceAsync("CN=told later", path: "slow/simpleenroll");
        await RevokeAsync(other, "superseded");
        await NoticeAsync(other, "told");
        Assert.Equal(2, Calls(device).Count);
        Assert.Equal($"revoked {Serial(other)} Superseded", Calls(other)[^1]);
    }

    [Fact]
    public async Task A_CA_that_is_away_is_told_when_it_is_back_and_the_certificate_is_revoked_here_at_once()
    {
        using var device = await _server.EnrollDeviceAsync("CN=outage", path: "slow/simpleenroll");
        ScriptedCa.Say(_server, "down");
        await RevokeAsync(device, "keyCompromise");
        var notice = await NoticeAsync(device, "failed");
        Assert.Contains("the script says down", notice.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.True(notice.GetProperty("next_attempt").GetDateTimeOffset() > DateTimeOffset.UtcNow.AddMinutes(-1));
        using var renewal = new Csr("CN=outage", key: device.GetECDsaPrivateKey());
        Assert.Equal(HttpStatusCode.Forbidden, (await _server.EnrollAsync(renewal, certificate: device, path: "slow/simplereenroll")).Status);

        ScriptedCa.Say(_server, "issue");
        await NoticeAsync(device, "told");
        Assert.Equal($"revoked {Serial(device)} KeyCompromise", Calls(device)[^1]);
        Assert.Equal(["revocation.told", "revocation.failed"], await EventsAsync(device));
    }

    [Fact]
    public async Task A_server_that_is_killed_while_it_tells_a_CA_tells_it_after_the_restart()
    {
        using var device = await _server.EnrollDeviceAsync("CN=killed", path: "slow/simpleenroll");
        ScriptedCa.Say(_server, "wait");
        await RevokeAsync(device, "keyCompromise");
        await UntilAsync(() => Task.FromResult(Calls(device).Count > 0));
        await _server.KillAsync();
        ScriptedCa.Say(_server, "issue");
        await _server.StartProcessAsync();
        await NoticeAsync(device, "told");
        Assert.Single(Calls(device), call => call == $"revoked {Serial(device)} KeyCompromise");
        Assert.Equal(["revocation.told"], await EventsAsync(device));
    }

    [Fact]
    public async Task A_CA_that_hangs_is_given_up_at_its_timeout_and_told_again()
    {
        using var device = await _server.EnrollDeviceAsync("CN=hangs", path: "slow/simpleenroll");
        using var refused = await _server.EnrollDeviceAsync("CN=refused", path: "slow/simpleenroll");
        ScriptedCa.Say(_server, "deaf");
        await RevokeAsync(device, "keyCompromise");
        Assert.Contains("3", (await NoticeAsync(device, "failed")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        ScriptedCa.Say(_server, "refuse");
        await RevokeAsync(refused, "keyCompromise");
        await NoticeAsync(refused, "failed");
        ScriptedCa.Say(_server, "issue");
        await NoticeAsync(device, "told");
        await NoticeAsync(refused, "told");
    }

    [Fact]
    public async Task A_CA_that_keeps_no_record_of_revocations_leaves_no_notice()
    {
        using var device = await _server.EnrollDeviceAsync("CN=file");
        await RevokeAsync(device, "keyCompromise");
        Assert.False((await ShowAsync(device)).TryGetProperty("ca_notice", out var none) && none.ValueKind != JsonValueKind.Null);
    }

    [Fact]
    public async Task Kipuka_cert_show_prints_whether_the_CA_was_told()
    {
        using var device = await _server.EnrollDeviceAsync("CN=printed", path: "slow/simpleenroll");
        await RevokeAsync(device, "keyCompromise");
        await NoticeAsync(device, "told");
        var shown = await Tool.RunAsync(
            Repository.Executable, ["cert", "show", Serial(device), "--table", "--config", _server.ConfigFile],
            environment: new Dictionary<string, string?> { ["KIPUKA_ADMIN_TOKEN"] = _server.AdminToken });
        Assert.True(shown.ExitCode == 0, shown.ToString());
        Assert.Matches("(?m)^ca_notice:\n +status: +told$", shown.Output);
    }

    private static string Serial(X509Certificate2 certificate) => certificate.SerialNumber.ToLowerInvariant().TrimStart('0');

    private List<string> Calls(X509Certificate2 certificate) => [.. ScriptedCa.Asked(_server).Where(
        line => line.Split(' ')[0] is "told" or "revoked" && line.Contains(Serial(certificate), StringComparison.Ordinal))];

    private async Task RevokeAsync(X509Certificate2 certificate, string reason)
        => Assert.Equal(HttpStatusCode.OK, (await _server.AdminAsync(HttpMethod.Post, $"certs/{certificate.SerialNumber}/revoke", new { reason })).Status);

    private async Task<JsonElement> ShowAsync(X509Certificate2 certificate)
        => (await _server.AdminAsync(HttpMethod.Get, $"certs/{certificate.SerialNumber}")).Body!.Value;

    private async Task<JsonElement> NoticeAsync(X509Certificate2 certificate, string status)
    {
        JsonElement notice = default;
        await UntilAsync(async () => (await ShowAsync(certificate)).TryGetProperty("ca_notice", out notice) && notice.GetProperty("status").GetString() == status);
        return notice;
    }

    private async Task<List<string?>> EventsAsync(X509Certificate2 certificate)
    {
        var (_, page, _) = await _server.AdminAsync(HttpMethod.Get, $"audit?serial={Serial(certificate)}&event=revocation.*");
        return [.. page!.Value.GetProperty("events").EnumerateArray().Select(record => record.GetProperty("event_type").GetString())];
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await holds())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
