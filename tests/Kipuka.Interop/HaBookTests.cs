using System.Net;
using System.Text.RegularExpressions;
using static Kipuka.Interop.HsmServer;

namespace Kipuka.Interop;

/// <summary>The book's HA examples as printed, with CAs of our own in the place of its Dogtag servers, and what it says to expect of them.</summary>
public sealed class HaBookTests : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly SoftHsm _hsm = new();
    private readonly List<TestAuthority> _authorities = [];
    private KipukaServer _server = null!;

    // "Two-CA Active-Passive with HSM Primary"
    [Fact]
    public async Task Two_CAs_active_passive_with_a_token_as_primary()
    {
        await _hsm.MakeTokenAsync("HSM");
        await _hsm.MakeKeyAsync("HSM", "EC:prime256v1", "01", "ca");
        await _hsm.MakeCertificateAsync("pkcs11:token=HSM;object=ca", "hsm-ca");
        var module = await _hsm.BuildFaultModuleAsync();
        MakeFile("backup-ca");
        var toml = Example("053-line2185")
            .Replace("/etc/kipuka/", $"{_folder.Path}/", StringComparison.Ordinal);
        await StartAsync(WithCa(toml, "hsm-ca", $"cert = \"{_hsm["hsm-ca.pem"]}\"\nkey = \"pkcs11:token=HSM;object=ca\"") + "\n" + Hsm(library: module));
        // "All requests use hsm-ca under normal conditions"
        Assert.Equal(new() { ["hsm-ca"] = 6 }, await ShareAsync("device", "normal", 6));
        // "If the HSM or Dogtag server fails, traffic immediately switches to backup-ca"
        _hsm.Inject("removed 1");
        Assert.Equal(new() { ["backup-ca"] = 8 }, await ShareAsync("device", "failing", 8));
        // "When hsm-ca recovers, traffic returns to it": after recovery_timeout, or when an operator has it checked.
        _hsm.Inject("removed 0");
        await CheckNowAsync("production", "hsm-ca");
        Assert.Equal(new() { ["hsm-ca"] = 6 }, await ShareAsync("device", "recovered", 6));
    }

    // "Three-CA Round-Robin for Load Distribution"
    [Fact]
    public async Task Three_CAs_round_robin()
    {
        var toml = Example("054-line2220");
        foreach (var id in (string[])["ca-east", "ca-west", "ca-central"])
        {
            toml = WithCa(toml, id, MakeScripted(id, "issue"));
        }
        await StartAsync(toml);
        // "Requests are distributed 33/33/33 across the three CAs"
        Assert.Equal(new() { ["ca-east"] = 10, ["ca-west"] = 10, ["ca-central"] = 10 }, await ShareAsync("iot", "thirds", 30));
        // "If ca-east fails, traffic is redistributed 50/50 to ca-west and ca-central"
        Script("ca-east", "down");
        await ShareAsync("iot", "opens", 9);
        var halves = await ShareAsync("iot", "halves", 20);
        Assert.Equal(new() { ["ca-west"] = 10, ["ca-central"] = 10 }, halves);
        // "When ca-east recovers, it rejoins the rotation"
        Script("ca-east", "issue");
        await CheckNowAsync("global", "ca-east");
        Assert.Equal(new() { ["ca-east"] = 10, ["ca-west"] = 10, ["ca-central"] = 10 }, await ShareAsync("iot", "again", 30));
    }

    // "Geographic HA with Latency-Based Routing"
    [Fact]
    public async Task Two_CAs_by_latency()
    {
        var toml = WithCa(Example("055-line2264"), "ca-us", MakeScripted("ca-us", "slow 150"));
        await StartAsync(WithCa(toml, "ca-eu", MakeScripted("ca-eu", "slow 5")));
        // "Requests are automatically routed to the faster CA": each is tried once to know it.
        Assert.Equal(new() { ["ca-us"] = 1, ["ca-eu"] = 11 }, await ShareAsync("vpn", "faster", 12, atOnce: 1));
        // "If latency increases for one CA, traffic shifts to the other"
        Script("ca-eu", "slow 900");
        Assert.InRange((await ShareAsync("vpn", "congested", 10, atOnce: 1))["ca-us"], 8, 9);
        // "If one CA fails completely, all traffic uses the remaining CA"
        Script("ca-us", "down");
        Script("ca-eu", "slow 5");
        Assert.Equal(new() { ["ca-eu"] = 8 }, await ShareAsync("vpn", "remaining", 8));
    }

    // "Weighted Migration from Old to New CA", its procedure from the first line to the last, under load: "weights can be adjusted without restarting".
    [Fact]
    public async Task A_migration_by_weights_without_a_dropped_request()
    {
        var toml = WithCa(Example("056-line2301"), "old-ca", MakeFile("old-ca"));
        await StartAsync(WithCa(toml, "new-ca", MakeFile("new-ca")));
        var password = await _server.CreatePasswordAsync(maxUses: 100_000);
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 3).Select(client => Task.Run(async () =>
        {
            var sent = 0;
            for (; !stop.IsCancellationRequested; sent++)
            {
                using var csr = new Csr($"CN=load-{client}-{sent}", ["load.example"]);
                var answer = await _server.EnrollAsync(csr, password, path: "server/simpleenroll");
                Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
            }
            return sent;
        })).ToArray();
        foreach (var (old, next) in ((int, int)[])[(100, 0), (90, 10), (80, 20), (50, 50), (20, 80), (0, 100)])
        {
            await ReloadAsync(text => Regex.Replace(text, "weights = .*", $"weights = {{ \"old-ca\" = {old}, \"new-ca\" = {next} }}"));
            var share = await ShareAsync("server", $"w{old}", 30);
            Assert.InRange(share.GetValueOrDefault("old-ca"), (old * 0.3) - 5, (old * 0.3) + 5);
            Assert.True(next > 0 || !share.ContainsKey("new-ca"), "a weight of 0 is a standby");
            Assert.True(old > 0 || !share.ContainsKey("old-ca"), "a weight of 0 is a standby");
        }
        // "Remove old-ca from the configuration once fully decommissioned"; and the group may have another strategy.
        await ReloadAsync(text => Regex.Replace(text.Replace("ca_id = \"old-ca\"", "ca_id = \"new-ca\"", StringComparison.Ordinal), "weights = .*", "")
            .Replace("ca_ids = [\"old-ca\", \"new-ca\"]\nstrategy = \"weighted\"", "ca_ids = [\"new-ca\", \"default\"]\nstrategy = \"round-robin\"", StringComparison.Ordinal));
        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(load), sent => Assert.True(sent > 10, $"{sent}"));
        // Without the load, whose turns count too.
        Assert.Equal(new() { ["new-ca"] = 10, ["default"] = 10 }, await ShareAsync("server", "done", 20));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _hsm.Dispose();
        _folder.Dispose();
        _authorities.ForEach(authority => authority.Dispose());
    }

    private async Task StartAsync(string tables) => _server = await KipukaServer.StartAsync(new ServerSetup
    {
        Plugins = ["ca-scripted"],
        Environment = _hsm.Environment,
        More = tables,
    });

    private static string Example(string name) => File.ReadAllText(Path.Combine(Repository.Root, "tests", "data", "config-examples", $"{name}.toml"));

    // The printed [[ca]] of this id, and its [ca.dogtag], become another.
    private static string WithCa(string toml, string id, string keys)
    {
        var changed = Regex.Replace(toml, $@"(?m)^\[\[ca\]\]\nid = ""{id}""\nbackend = ""dogtag""\n\[ca\.dogtag\]\n([a-z_]+ = .*\n)+", $"[[ca]]\nid = \"{id}\"\n{keys}\n");
        Assert.NotEqual(toml, changed);
        return changed;
    }

    private string MakeFile(string id)
    {
        var authority = new TestAuthority(id);
        _authorities.Add(authority);
        File.WriteAllText(_folder[$"{id}.pem"], authority.CertificatePem);
        File.WriteAllText(_folder[$"{id}-key.pem"], authority.KeyPem);
        File.SetUnixFileMode(_folder[$"{id}-key.pem"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return $"cert = \"{_folder[$"{id}.pem"]}\"\nkey = \"{_folder[$"{id}-key.pem"]}\"";
    }

    private string MakeScripted(string id, string word)
    {
        Script(id, word);
        return $"{MakeFile(id)}\ntype = \"scripted\"\nscript = \"{_folder[$"{id}.script"]}\"\nasked = \"{_folder[$"{id}.asked"]}\"";
    }

    private void Script(string id, string word)
    {
        File.WriteAllText(_folder[$"{id}.script.new"], word);
        File.Move(_folder[$"{id}.script.new"], _folder[$"{id}.script"], overwrite: true);
    }

    private async Task ReloadAsync(Func<string, string> change)
    {
        var text = await File.ReadAllTextAsync(_server.ConfigFile);
        await File.WriteAllTextAsync(_server.ConfigFile + ".new", change(text));
        File.Move(_server.ConfigFile + ".new", _server.ConfigFile, overwrite: true);
        var (status, _, answer) = await _server.AdminAsync(HttpMethod.Post, "reload");
        Assert.True(status == HttpStatusCode.OK, answer);
    }

    private async Task CheckNowAsync(string group, string id)
    {
        var (status, _, answer) = await _server.AdminAsync(HttpMethod.Post, "ha/failover", new { group, to = id });
        Assert.True(status == HttpStatusCode.OK, answer);
        await _server.AdminAsync(HttpMethod.Delete, $"ha/failover/{group}");
    }

    // Enrolls devices, all of them answered 200; how many each CA has issued, by the ledger.
    private async Task<Dictionary<string, int>> ShareAsync(string label, string name, int count, int atOnce = 4)
    {
        var password = await _server.CreatePasswordAsync(maxUses: count);
        using var places = new SemaphoreSlim(atOnce);
        await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            await places.WaitAsync();
            using var csr = new Csr($"CN={name}-{i}", [$"{name}-{i}.example"]);
            var answer = await _server.EnrollAsync(csr, password, path: $"{label}/simpleenroll");
            places.Release();
            Assert.True(answer.Status == HttpStatusCode.OK, answer + _server.Log);
        }));
        var (_, list, _) = await _server.AdminAsync(HttpMethod.Get, $"certs?subject={name}&per_page=1000");
        return list!.Value.GetProperty("certificates").EnumerateArray().CountBy(certificate => certificate.GetProperty("ca_id").GetString()!).ToDictionary();
    }
}
