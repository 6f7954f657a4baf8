using System.Net;
using System.Text.Json;

namespace Kipuka.Conformance;

/// <summary>/admin/ha and <c>kipuka ha</c>: which member of a group serves, and an operator's say in it (ruling 52; the book, FMT_SMF.1 "HA control").</summary>
public sealed class HaFailover(HaServer server) : IClassFixture<HaServer>, IAsyncLifetime
{
    private KipukaServer Kipuka => server.Kipuka;

    public Task InitializeAsync() => Task.CompletedTask;

    // The next test begins with no failover.
    public async Task DisposeAsync()
    {
        foreach (var group in (string[])["rr", "wt", "lat", "ap"])
        {
            await Kipuka.AdminAsync(HttpMethod.Delete, $"ha/failover/{group}");
        }
    }

    [Fact]
    public async Task The_groups_are_shown_with_their_members_and_figures()
    {
        await server.ShareAsync("wt", "shown", 5);
        var group = await server.GroupAsync("wt");
        Assert.Equal("weighted", group.GetProperty("strategy").GetString());
        Assert.Equal(["wt"], group.GetProperty("labels").EnumerateArray().Select(label => label.GetString()));
        Assert.Equal(JsonValueKind.Null, group.GetProperty("failover").ValueKind);
        Assert.Equal([80, 20, 0], group.GetProperty("members").EnumerateArray().Select(member => member.GetProperty("weight").GetInt32()));
        var member = group.GetProperty("members")[0];
        Assert.Equal(("healthy", true, 0, 3), (member.GetProperty("state").GetString(), member.GetProperty("usable").GetBoolean(),
            member.GetProperty("in_flight").GetInt32(), member.GetProperty("failure_threshold").GetInt32()));
        Assert.True(member.GetProperty("latency_ms").GetDouble() > 0);
        // A CA in no group is shown as one, and the path without a label with it.
        var lone = await server.GroupAsync("default");
        Assert.Equal((JsonValueKind.Null, ""), (lone.GetProperty("strategy").ValueKind, lone.GetProperty("labels")[0].GetString()));
        var health = (await Kipuka.AdminAsync(HttpMethod.Get, "ca/health")).Body!.Value.GetProperty("wt-a");
        Assert.Equal("healthy", health.GetProperty("status").GetString());
        Assert.True(health.GetProperty("latency_ms").GetDouble() > 0);
    }

    [Fact]
    public async Task A_group_forced_onto_a_member_stays_there_over_a_reload_and_a_restart_until_it_is_lifted()
    {
        var forced = await ForceAsync(new { group = "rr", to = "rr-c", ttl = "2h", reason = "drill" });
        Assert.Equal(("rr", "rr-c", "drill", "bearer:tests"), (Text(forced, "group"), Text(forced, "to"), Text(forced, "reason"), Text(forced, "created_by")));
        Assert.Equal(TimeSpan.FromHours(2), forced.GetProperty("expires_at").GetDateTimeOffset() - forced.GetProperty("created_at").GetDateTimeOffset());
        Assert.Equal(new() { ["rr-c"] = 6 }, await server.ShareAsync("rr", "forced", 6));
        Assert.Equal("rr-c", Text((await server.GroupAsync("rr")).GetProperty("failover"), "to"));
        Assert.Equal(HttpStatusCode.OK, (await Kipuka.AdminAsync(HttpMethod.Post, "reload")).Status);
        Assert.Equal(new() { ["rr-c"] = 6 }, await server.ShareAsync("rr", "reloaded", 6));
        await Kipuka.StopAsync();
        await Kipuka.StartProcessAsync();
        Assert.Equal(new() { ["rr-c"] = 6 }, await server.ShareAsync("rr", "restarted", 6));
        Assert.Equal(HttpStatusCode.NoContent, (await Kipuka.AdminAsync(HttpMethod.Delete, "ha/failover/rr")).Status);
        Assert.Equal(3, (await server.ShareAsync("rr", "lifted", 6)).Count);
        Assert.Equal(HttpStatusCode.NotFound, (await Kipuka.AdminAsync(HttpMethod.Delete, "ha/failover/rr")).Status);
    }

    [Fact]
    public async Task A_member_taken_off_gets_nothing_until_that_expires_by_itself()
    {
        var forced = await ForceAsync(new { off = "rr-a", ttl = 3 });
        Assert.Equal(["rr-b", "rr-c"], (await server.ShareAsync("rr", "off", 6)).Keys.Order());
        Assert.False((await server.MemberAsync("rr", "rr-a")).GetProperty("usable").GetBoolean());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await server.GroupAsync("rr")).GetProperty("failover").ValueKind != JsonValueKind.Null)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
        Assert.True(DateTimeOffset.UtcNow >= forced.GetProperty("expires_at").GetDateTimeOffset());
        Assert.Equal(3, (await server.ShareAsync("rr", "on", 6)).Count);
    }

    [Fact]
    public async Task It_is_an_admin_action_of_the_operator_in_the_journal()
    {
        await ForceAsync(new { to = "ap-second", reason = "HSM firmware" });
        var record = JournalRecord.Of(Kipuka, "admin.action").Last(record => record.Details.GetValueOrDefault("ha_group") == "ap" && record.Details["method"] == "POST");
        Assert.Equal("bearer:tests", record.Actor);
        Assert.Equal(("/admin/ha/failover", "ap-second", "HSM firmware", "200"), (record.Details["path"], record.Details["to"], record.Details["reason"], record.Details["status"]));
        Assert.NotEqual("", record.Details["expires_at"]);
    }

    // The book: "CircuitOpen → Healthy: Manual operator override (health check passes)"; CaHealthChange in the journal.
    [Fact]
    public async Task Onto_a_CA_whose_circuit_is_open_it_is_checked_first()
    {
        server.Script("ap-first", "down");
        await server.UntilStateAsync("ap", "ap-first", "circuit_open");
        var (status, answer, text) = await Kipuka.AdminAsync(HttpMethod.Post, "ha/failover", new { to = "ap-first" });
        Assert.True(status == HttpStatusCode.Conflict, text);
        Assert.Equal("not_usable", Text(answer!.Value, "error"));
        Assert.Contains("the script says down", text, StringComparison.Ordinal);
        server.Script("ap-first", "issue");
        await ForceAsync(new { to = "ap-first" });
        Assert.Equal("healthy", Text(await server.MemberAsync("ap", "ap-first"), "state"));
        var changes = JournalRecord.Of(Kipuka, "ca.health.changed").Where(record => record.Authority == "ap-first").Select(record => record.Details["to"]).ToList();
        Assert.Contains("circuit_open", changes);
        Assert.Equal("healthy", changes[^1]);
    }

    [Theory]
    [InlineData("{}", 400, "exactly one of to and off")]
    [InlineData("{\"to\":\"rr-a\",\"off\":\"rr-b\"}", 400, "exactly one of to and off")]
    [InlineData("{\"to\":\"nobody\"}", 400, "there is no CA ")]
    [InlineData("{\"to\":\"rr-a\",\"group\":\"wt\"}", 400, "in rr")]
    [InlineData("{\"to\":\"rr-a\",\"ttl\":\"soon\"}", 400, "no duration")]
    [InlineData("{\"to\":\"rr-a\",\"ttl\":\"0s\"}", 400, "from a second to 30 days")]
    [InlineData("{\"to\":\"rr-a\",\"ttl\":\"31d\"}", 400, "from a second to 30 days")]
    [InlineData("{\"to\":\"rr-a\",\"expires_at\":\"2020-01-01T00:00:00Z\"}", 400, "from a second to 30 days")]
    [InlineData("{\"to\":\"rr-a\",\"ttl\":\"1h\",\"expires_at\":\"2120-01-01T00:00:00Z\"}", 400, "not both")]
    [InlineData("{\"to\":\"rr-a\",\"reason\":\"a\\nb\"}", 400, "reason")]
    [InlineData("{\"to\":\"rr-a\",\"untill\":\"1h\"}", 400, "the member untill of the body is not known here")]
    [InlineData("{\"off\":\"default\"}", 409, "stands alone")]
    public async Task What_is_no_failover_is_refused_and_changes_nothing(string body, int status, string reason)
    {
        var (answered, _, text) = await Kipuka.AdminAsync(HttpMethod.Post, "ha/failover", body);
        Assert.Equal(status, (int)answered);
        Assert.Contains(reason, text, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await server.GroupAsync("rr")).GetProperty("failover").ValueKind);
    }

    [Fact]
    public async Task The_last_usable_member_is_not_taken_off()
    {
        server.Script("ap-second", "down");
        await server.UntilStateAsync("ap", "ap-second", "circuit_open");
        var (status, answer, _) = await Kipuka.AdminAsync(HttpMethod.Post, "ha/failover", new { off = "ap-first" });
        Assert.Equal((HttpStatusCode.Conflict, "no_alternative"), (status, Text(answer!.Value, "error")));
        server.Script("ap-second", "issue");
        await server.RecoverAsync("ap", "ap-second");
        await ForceAsync(new { off = "ap-first" });
    }

    [Fact]
    public async Task The_command_shows_and_forces()
    {
        var forced = await CommandAsync("failover", "rr", "--to", "rr-b", "--for", "30m", "--reason", "test of the command");
        Assert.True(forced.ExitCode == 0, forced.ToString());
        var status = await CommandAsync("status");
        Assert.Contains("rr: round-robin, serves rr\nforced to rr-b until ", status.Output, StringComparison.Ordinal);
        Assert.Contains("by bearer:tests: test of the command", status.Output, StringComparison.Ordinal);
        Assert.Matches("(?m)^lat-far +(healthy|degraded) +yes +1 +0 +[0-9.]+ ms", status.Output);
        Assert.Equal(3, (await server.GroupAsync("rr")).GetProperty("members").GetArrayLength());
        Assert.Equal(0, (await CommandAsync("failover", "rr", "--end")).ExitCode);
        Assert.DoesNotContain("forced", (await CommandAsync("status")).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await CommandAsync("failover", "rr")).ExitCode);
        Assert.Equal(2, (await CommandAsync("failover", "rr", "--end", "--to", "rr-a")).ExitCode);
        var unknown = await CommandAsync("failover", "rr", "--to", "nobody");
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("there is no CA 'nobody'", unknown.Error, StringComparison.Ordinal);
    }

    private async Task<JsonElement> ForceAsync(object body)
    {
        var (status, answer, text) = await Kipuka.AdminAsync(HttpMethod.Post, "ha/failover", body);
        Assert.True(status == HttpStatusCode.OK, text);
        return answer!.Value;
    }

    private Task<Tool.Result> CommandAsync(params string[] arguments) => Tool.RunAsync(
        Repository.Executable, ["ha", .. arguments, "--table", "--config", Kipuka.ConfigFile], Kipuka.Folder,
        new Dictionary<string, string?> { ["KIPUKA_ADMIN_TOKEN"] = Kipuka.AdminToken });

    private static string? Text(JsonElement value, string member) => value.GetProperty(member).GetString();
}
