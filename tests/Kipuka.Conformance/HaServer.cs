using System.Net;

namespace Kipuka.Conformance;

/// <summary>A server with a group for each strategy, each with a label of its name. The CAs of two groups do what a file says.</summary>
public sealed class HaServer : EstServer
{
    private static readonly string[] Ids = ["rr-a", "rr-b", "rr-c", "wt-a", "wt-b", "wt-c", "lat-far", "lat-near", "ap-first", "ap-second"];

    public IReadOnlyDictionary<string, TestAuthority> Authorities { get; } = Ids.ToDictionary(id => id, id => new TestAuthority(id));

    protected override ServerSetup Setup => new()
    {
        Plugins = ["ca-scripted"],
        ClientAuth = $"[tls.client_auth]\nmode = \"optional\"\ntrust_anchors = [\"ca.pem\", {string.Join(", ", Ids.Select(id => $"\"{id}.pem\""))}]\n",
        Files = Authorities.SelectMany(one => (KeyValuePair<string, string>[])[
            new($"{one.Key}.pem", one.Value.CertificatePem), new($"{one.Key}-key.pem", one.Value.KeyPem),
            new($"{one.Key}.script", one.Key switch { "lat-far" => "slow 150", "lat-near" => "slow 5", _ => "issue" })]).ToDictionary(),
        More = string.Concat(Ids.Select(Authority)) + """
            [ha]
            check_interval = "1s"
            recovery_timeout = "1s"
            failure_threshold = 3
            [[ha.group]]
            name = "rr"
            ca_ids = ["rr-a", "rr-b", "rr-c"]
            strategy = "round-robin"
            [[ha.group]]
            name = "wt"
            ca_ids = ["wt-a", "wt-b", "wt-c"]
            strategy = "weighted"
            weights = { wt-a = 80, wt-b = 20, wt-c = 0 }
            [[ha.group]]
            name = "lat"
            ca_ids = ["lat-far", "lat-near"]
            strategy = "latency-based"
            [[ha.group]]
            name = "ap"
            ca_ids = ["ap-first", "ap-second"]

            """ + string.Concat(Labels("rr", "rr-b"), Labels("wt", "wt-a"), Labels("lat", "lat-far"), Labels("ap", "ap-first")),
    };

    /// <summary>What a CA of the groups lat and ap does from now on; see tests/plugins/ca-scripted.</summary>
    public void Script(string authority, string word) => ScriptedCa.Say(Kipuka.Folder, $"{authority}.script", word);

    /// <summary>Enrolls devices, eight at a time.</summary>
    public async Task<IReadOnlyList<EstAnswer>> EnrollManyAsync(string label, string name, int count)
    {
        using var places = new SemaphoreSlim(8);
        return await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            await places.WaitAsync();
            try
            {
                using var csr = new Csr($"CN={name}-{i}");
                return await EnrollAsync(csr, $"{label}/simpleenroll");
            }
            finally
            {
                places.Release();
            }
        }));
    }

    /// <summary>As above, all of them answered 200: how many each CA has issued, by the ledger.</summary>
    public async Task<Dictionary<string, int>> ShareAsync(string label, string name, int count)
    {
        var answers = await EnrollManyAsync(label, name, count);
        Assert.All(answers, answer => Assert.True(answer.Status == HttpStatusCode.OK, answer + Kipuka.Log));
        return await IssuersAsync(name);
    }

    /// <summary>How many certificates whose subjects have this in them each CA has issued.</summary>
    public async Task<Dictionary<string, int>> IssuersAsync(string name)
    {
        var (_, list, _) = await Kipuka.AdminAsync(HttpMethod.Get, $"certs?subject={name}&per_page=1000");
        return list!.Value.GetProperty("certificates").EnumerateArray().CountBy(certificate => certificate.GetProperty("ca_id").GetString()!).ToDictionary();
    }

    /// <summary>One group of /admin/ha.</summary>
    public async Task<System.Text.Json.JsonElement> GroupAsync(string name)
        => (await Kipuka.AdminAsync(HttpMethod.Get, "ha")).Body!.Value.GetProperty("groups").EnumerateArray().Single(group => group.GetProperty("name").GetString() == name);

    public async Task<System.Text.Json.JsonElement> MemberAsync(string group, string id)
        => (await GroupAsync(group)).GetProperty("members").EnumerateArray().Single(member => member.GetProperty("id").GetString() == id);

    /// <summary>Until the health checks have found out.</summary>
    public async Task UntilStateAsync(string group, string id, string state)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await MemberAsync(group, id)).GetProperty("state").GetString() != state)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Brings a CA that works again back at once: an operator's check need not wait for the recovery time.</summary>
    public async Task RecoverAsync(string group, string id)
    {
        var (status, _, text) = await Kipuka.AdminAsync(HttpMethod.Post, "ha/failover", new { to = id });
        Assert.True(status == System.Net.HttpStatusCode.OK, text);
        await Kipuka.AdminAsync(HttpMethod.Delete, $"ha/failover/{group}");
    }

    /// <summary>Until the checks have found out which CA of the group lat is the faster now.</summary>
    public async Task UntilFasterAsync(string faster, string slower)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await LatencyAsync(faster) >= await LatencyAsync(slower))
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }

        async Task<double> LatencyAsync(string id) => (await MemberAsync("lat", id)).GetProperty("latency_ms").GetDouble();
    }

    private static string Authority(string id) => $"""
        [[ca]]
        id = "{id}"
        cert = "{id}.pem"
        key = "{id}-key.pem"
        default_ext_key_usage = ["serverAuth", "clientAuth"]
        {(id.StartsWith("lat", StringComparison.Ordinal) || id.StartsWith("ap", StringComparison.Ordinal)
            ? $"type = \"scripted\"\nscript = \"{id}.script\"\nasked = \"{id}.asked\"\ntimeout = \"5s\"" : "")}

        """;

    private static string Labels(string name, string ca) => $"""
        [[est.label]]
        name = "{name}"
        ca_id = "{ca}"
        require_san = false
        max_validity_days = 30
        subject_pattern = "^CN=[a-z]+(-[a-z0-9]+)*$"

        """;
}
