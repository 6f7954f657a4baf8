using System.Net;
using System.Text.Json;

namespace Kipuka.Reload;

/// <summary>What one instance does wrong is that instance's fault alone: the others serve, health names it, and it heals.</summary>
public sealed class HostProtection : IAsyncLifetime
{
    private readonly TestAuthority _scripted = new("Scripted CA");
    private PluginServer _server = null!;

    private KipukaServer Kipuka => _server.Kipuka;

    public async Task InitializeAsync() => _server = await PluginServer.StartAsync(
        new ServerSetup
        {
            Files = new Dictionary<string, string>
            {
                ["scripted.pem"] = _scripted.CertificatePem,
                ["scripted-key.pem"] = _scripted.KeyPem,
                ["ca"] = "issue",
                ["auth"] = "work",
                ["audit"] = "work",
                ["ha"] = "work",
                ["transport"] = "work",
            },
            Ca = "label = \"fine\"",
            More = """
                [auth.scripted]
                script = "auth"
                [audit]
                required = true
                [audit.scripted]
                script = "audit"
                [transport.scripted]
                script = "transport"
                [[ca]]
                id = "scripted"
                type = "scripted"
                cert = "scripted.pem"
                key = "scripted-key.pem"
                script = "ca"
                asked = "asked"
                timeout = "2s"
                [[ca]]
                id = "second"
                cert = "ca.pem"
                key = "ca-key.pem"
                [[est.label]]
                name = "otp"
                ca_id = "default"
                auth = ["otp"]
                [[est.label]]
                name = "scripted-auth"
                ca_id = "second"
                auth = ["scripted"]
                [[est.label]]
                name = "scripted-ca"
                ca_id = "scripted"
                auth = ["otp"]
                require_san = false
                """,
        },
        "services-scripted", "ca-scripted");

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _scripted.Dispose();
    }

    [Theory]
    [InlineData("throw", "the script says throw")]
    [InlineData("hang", "no answer within 10 s")]
    [InlineData("block", "no answer within 10 s")]
    public async Task An_authenticator_that_does_not_answer_is_503_where_it_is_asked_and_nowhere_else(string word, string reason)
    {
        Script("auth", word);
        var failing = EnrollAsync("scripted-auth");
        await EnrolledAsync("otp");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await failing).Status);
        var health = await _server.HealthAsync();
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Contains(reason, Plugin(health, "auth:scripted").GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, Plugin(health, "auth:otp").GetProperty("error").ValueKind);

        Script("auth", "work");
        Assert.Equal(HttpStatusCode.Unauthorized, (await EnrollAsync("scripted-auth")).Status);
        Assert.Equal("healthy", (await _server.HealthAsync()).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("throw", "the script says throw")]
    [InlineData("hang", "no answer within 10 s")]
    [InlineData("block", "no answer within 10 s")]
    public async Task A_required_sink_that_does_not_answer_shows_in_health_and_fails_closed(string word, string reason)
    {
        await EnrolledAsync("otp");
        Script("audit", word);
        // Writes a record, which the sink does not take.
        _ = await EnrollAsync("otp");
        await UntilHealthAsync(health => Sink(health).GetProperty("error").GetString()?.Contains(reason, StringComparison.Ordinal) == true, reason);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await EnrollAsync("otp")).Status);

        Script("audit", "work");
        await UntilHealthAsync(health => Sink(health).GetProperty("status").GetString() == "healthy", "the sink takes records again");
        await EnrolledAsync("otp");
    }

    [Theory]
    [InlineData("hang", "no answer within 2 s")]
    [InlineData("wrong", "it is valid from")]
    [InlineData("forged", "its signature is not the issuer's")]
    public async Task A_CA_that_hangs_or_answers_with_another_certificate_is_503_on_its_labels_and_degraded(string word, string reason)
    {
        Script("ca", word);
        var failing = EnrollAsync("scripted-ca");
        await EnrolledAsync("otp");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await failing).Status);
        var cas = (await _server.HealthAsync()).GetProperty("cas").EnumerateArray().ToDictionary(ca => ca.GetProperty("id").GetString()!);
        Assert.Contains(reason, cas["scripted"].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("healthy", cas["default"].GetProperty("status").GetString());

        Script("ca", "issue");
        await EnrolledAsync("scripted-ca");
    }

    [Fact]
    public async Task A_strategy_that_hangs_leaves_the_configured_order_and_shows_in_health()
    {
        _server.Edit(text => $"{text}[ha]\nenabled = true\nstrategy = \"scripted\"\n[ha.scripted]\nscript = \"ha\"\n[[ha.group]]\nname = \"two\"\nca_ids = [\"default\", \"second\"]\n");
        await _server.ReloadAsync();
        await EnrolledAsync("otp");
        Script("ha", "block");
        await EnrolledAsync("otp");
        await EnrolledAsync("otp");
        Assert.Contains("ordering", Plugin(await _server.HealthAsync(), "ha:scripted").GetProperty("error").GetString(), StringComparison.Ordinal);
        Script("ha", "work");
        await _server.UntilAsync(
            async () =>
            {
                await EnrolledAsync("otp");
                return Plugin(await _server.HealthAsync(), "ha:scripted").GetProperty("error").ValueKind == JsonValueKind.Null;
            },
            "the strategy is asked again");
    }

    [Fact]
    public async Task A_transport_that_fails_its_probe_degrades_health_and_one_that_cannot_listen_is_refused_with_file_and_line()
    {
        Script("transport", "throw");
        Assert.Contains(
            "the script says throw", Plugin(await _server.HealthAsync(), "transport:scripted").GetProperty("error").GetString(), StringComparison.Ordinal);
        File.Copy(Path.Combine(Kipuka.Folder, "transport"), Path.Combine(Kipuka.Folder, "other"));
        _server.Edit(text => text.Replace("script = \"transport\"", "script = \"other\"", StringComparison.Ordinal));
        var problem = Assert.Single(await _server.ReloadRefusedAsync());
        Assert.Matches("kipuka\\.toml:[0-9]+:[0-9]+: .*transport:scripted.*the script says throw", problem);
        await EnrolledAsync("otp");
        Script("other", "work");
        await _server.ReloadAsync();
        await EnrolledAsync("otp");
    }

    [Fact]
    public async Task A_check_that_hangs_refuses_the_reload_with_file_and_line()
    {
        _server.Edit(text => text.Replace("script = \"auth\"", "script = \"auth\"\ncheck = \"hang\"", StringComparison.Ordinal));
        var problem = Assert.Single(await _server.ReloadRefusedAsync());
        Assert.Matches("kipuka\\.toml:[0-9]+:[0-9]+: .*auth:scripted.*no answer within 10 s", problem);
        await EnrolledAsync("otp");
    }

    private static JsonElement Plugin(JsonElement health, string instance)
        => health.GetProperty("plugins").EnumerateArray().Single(plugin => plugin.GetProperty("instance").GetString() == instance);

    private static JsonElement Sink(JsonElement health) => Assert.Single(health.GetProperty("sinks").EnumerateArray());

    private void Script(string service, string word) => ScriptedCa.Say(Kipuka.Folder, service, word);

    private Task UntilHealthAsync(Func<JsonElement, bool> holds, string what) => _server.UntilAsync(async () => holds(await _server.HealthAsync()), what);

    private async Task<EstAnswer> EnrollAsync(string label)
    {
        using var csr = new Csr("CN=device", ["device.example"]);
        return await Kipuka.EnrollAsync(csr, await Kipuka.CreatePasswordAsync(), path: $"{label}/simpleenroll");
    }

    private async Task EnrolledAsync(string label)
    {
        var answer = await EnrollAsync(label);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{answer}\n{Kipuka.Log}");
    }
}
