using Kipuka.Catalog;
using Kipuka.Ca;
using Kipuka.Config;
using Kipuka.Ha;
using Kipuka.Sdk.Ca;
using Kipuka.Sdk.Ha;
using Kipuka.Tests.Ca;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kipuka.Tests.Ha;

public sealed class CaGroupTests
{
    private readonly ManualTime clock = new();
    private readonly List<HealthChange> changes = [];
    private readonly ScriptedAuthority first = new();
    private readonly ScriptedAuthority second = new();
    private readonly ScriptedAuthority third = new();
    private readonly Failovers failovers;

    public CaGroupTests() => failovers = new Failovers(new MemoryStore(clock), clock);

    [Fact]
    public async Task Members_come_in_the_order_of_the_strategy()
    {
        var group = (await BuildAsync(new Strategy((_, _, order) =>
        {
            (order[0], order[1], order[2]) = (2, 0, 1);
            return 3;
        }))).Of("one");
        Assert.Equal("production", group.Name);
        Assert.Equal(["three", "one", "two"], (await group.OrderAsync()).Select(member => member.Id));
    }

    [Fact]
    public async Task The_strategy_is_told_weights_and_counts_turns()
    {
        List<(ulong Turn, string Seen)> seen = [];
        var group = (await BuildAsync(new Strategy((members, turn, order) =>
        {
            seen.Add((turn, string.Join(' ', members.ToArray().Select(member => $"{member.Name}={member.Weight}"))));
            order[0] = 0;
            return 1;
        }))).Of("two");
        Assert.Equal(["one"], (await group.OrderAsync()).Select(member => member.Id));
        await group.OrderAsync();
        Assert.Equal([(0UL, "one=80 two=1 three=1"), (1UL, "one=80 two=1 three=1")], seen);
    }

    [Theory]
    [InlineData(2, 0, 0)] // twice the same
    [InlineData(2, 0, 7)] // no such member
    [InlineData(2, -1, 0)]
    [InlineData(0, 0, 1)] // nothing written
    [InlineData(4, 0, 1)] // more than there are
    public async Task An_order_that_is_none_falls_back_to_the_configured_one(int count, int one, int two)
    {
        var group = (await BuildAsync(new Strategy((_, _, order) =>
        {
            (order[0], order[1]) = (one, two);
            return count;
        }))).Of("one");
        Assert.Equal(["one", "two", "three"], (await group.OrderAsync()).Select(member => member.Id));
    }

    [Fact]
    public async Task A_strategy_that_throws_does_not_stop_issuing()
        => Assert.Equal(3, (await (await BuildAsync(new Strategy((_, _, _) => throw new InvalidOperationException()))).Of("one").OrderAsync()).Count);

    [Fact]
    public async Task An_open_circuit_takes_a_member_out_and_its_probe_brings_it_back()
    {
        var groups = await BuildAsync(Configured());
        var member = groups.Find("one")!;
        member.Breaker.Trip("test");
        Assert.Equal(["two", "three"], (await groups.Of("one").OrderAsync()).Select(found => found.Id));
        clock.Advance(TimeSpan.FromSeconds(60));
        await member.CheckAsync(default);
        Assert.Equal(["one", "two", "three"], (await groups.Of("one").OrderAsync()).Select(found => found.Id));
        Assert.Equal(0, first.Issues);
    }

    [Fact]
    public async Task With_every_circuit_open_there_is_nobody_and_the_soonest_probe_is_told()
    {
        var groups = await BuildAsync(Configured());
        foreach (var member in groups.Members)
        {
            member.Breaker.Trip("test");
            clock.Advance(TimeSpan.FromSeconds(10));
        }
        Assert.Empty(await groups.Of("one").OrderAsync());
        Assert.Equal(TimeSpan.FromSeconds(30), groups.Of("one").RetryAfter);
    }

    // Ruling 38.
    [Fact]
    public async Task An_expired_issuer_is_unhealthy_and_not_used()
    {
        var expiring = new ScriptedAuthority(notAfter: ScriptedAuthority.Now.AddDays(1));
        var groups = Build([await expiring.GuardAsync(clock, "old"), await first.GuardAsync(clock, "one")], null, null);
        Assert.Single((await groups.Of("old").OrderAsync()));
        clock.Advance(TimeSpan.FromDays(2));
        Assert.Empty(await groups.Of("old").OrderAsync());
        Assert.Equal(BreakerState.Unhealthy, groups.Find("old")!.State);
        Assert.Equal(BreakerState.Healthy, groups.Find("one")!.State);
    }

    // Ruling 30.
    [Fact]
    public async Task A_chain_without_its_root_is_degraded_and_used()
    {
        var groups = Build([await new ScriptedAuthority(withChain: false).GuardAsync(clock, "one")], null, null);
        Assert.Equal(BreakerState.Degraded, groups.Find("one")!.State);
        Assert.Single((await groups.Of("one").OrderAsync()));
    }

    [Fact]
    public async Task A_CA_in_no_group_is_a_group_of_one_without_strategy()
    {
        var groups = Build([await first.GuardAsync(clock, "one")], null, null);
        Assert.Equal("one", groups.Of("one").Name);
        Assert.Equal(["one"], (await groups.Of("one").OrderAsync()).Select(member => member.Id));
    }

    // Ruling 21.
    [Fact]
    public async Task HA_that_is_switched_off_makes_every_CA_lone()
        => Assert.Equal(3, Build(await AllAsync(), Ha() with { Enabled = false }, null).All.Count);

    [Fact]
    public async Task A_CA_in_two_groups_and_an_unknown_CA_are_errors()
    {
        var authorities = await AllAsync();
        var twice = Ha() with { Groups = [.. Ha().Groups, new HaGroupConfig { Name = "other", CaIds = ["one"] }] };
        Assert.Contains("HA group other names the CA one", Assert.Throws<InvalidOperationException>(() => Build(authorities, twice, Configured())).Message);
        var unknown = new HaConfig { Groups = [new HaGroupConfig { Name = "x", CaIds = ["nobody"] }] };
        Assert.Throws<InvalidOperationException>(() => Build(authorities, unknown, Configured()));
    }

    [Fact]
    public async Task A_group_overrides_what_it_says_and_inherits_the_rest()
    {
        var config = new HaConfig
        {
            FailureThreshold = 5,
            RecoveryTimeout = TimeSpan.FromSeconds(90),
            Groups = [new HaGroupConfig { Name = "g", CaIds = ["one"], FailureThreshold = 2, SuccessThreshold = 3, Timeout = TimeSpan.FromSeconds(9) }],
        };
        var groups = Build([await first.GuardAsync(clock, "one"), await second.GuardAsync(clock, "two")], config, null);
        Assert.Equal(
            new GroupSettings(2, 3, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(9)), groups.Find("one")!.Breaker.Settings);
        Assert.Equal(
            new GroupSettings(5, 1, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5)), groups.Find("two")!.Breaker.Settings);
    }

    // Ruling 54: "begins in circuit_open".
    [Fact]
    public async Task What_cannot_be_reached_at_start_begins_open()
    {
        var authority = new GuardedAuthority(new CaConfig { Id = "one" }, "scripted", first, clock);
        var groups = Build([authority], null, null);
        Assert.Equal(BreakerState.CircuitOpen, groups.Find("one")!.State);
        Assert.Empty(await groups.Of("one").OrderAsync());
        Assert.Equal("one", Assert.Single(changes).Authority);
    }

    [Fact]
    public async Task A_reload_keeps_the_breaker_of_a_service_that_was_carried_over()
    {
        var (kept, changed) = (await first.GuardAsync(clock, "one"), await second.GuardAsync(clock, "two"));
        var before = Build([kept, changed], null, null);
        foreach (var member in before.Members) member.Breaker.Trip("test");
        var after = Build([kept.With(kept.Config with { ValidityDays = 5 }), await third.GuardAsync(clock, "two")], null, null, before);
        Assert.Equal(BreakerState.CircuitOpen, after.Find("one")!.State);
        Assert.Equal(BreakerState.Healthy, after.Find("two")!.State);
    }

    // A threshold that is edited heals nobody.
    [Fact]
    public async Task A_reload_with_other_settings_keeps_what_the_breaker_knows()
    {
        var authority = await first.GuardAsync(clock, "one");
        var before = Build([authority], null, null);
        before.Find("one")!.Breaker.Trip("test");
        var breaker = Build([authority.With(authority.Config)], new HaConfig { RecoveryTimeout = TimeSpan.FromSeconds(300) }, null, before).Find("one")!.Breaker;
        Assert.Equal(BreakerState.CircuitOpen, breaker.State);
        Assert.Equal(TimeSpan.FromSeconds(300), breaker.RetryAfter);
        Assert.Contains("test", breaker.Reason, StringComparison.Ordinal);
        Assert.Equal(1, breaker.Figures.TimesOpened);
    }

    [Fact]
    public async Task A_reload_goes_on_with_the_turn()
    {
        List<ulong> turns = [];
        var strategy = new Strategy((_, turn, order) =>
        {
            turns.Add(turn);
            order[0] = 0;
            return 1;
        });
        var before = await BuildAsync(strategy);
        await before.Of("one").OrderAsync();
        await before.Of("one").OrderAsync();
        await Build(await AllAsync(), Ha(), strategy, before).Of("one").OrderAsync();
        Assert.Equal([0UL, 1UL, 2UL], turns);
    }

    [Fact]
    public async Task A_group_forced_onto_a_member_asks_it_first_and_the_others_after_it_until_it_expires()
    {
        var group = (await BuildAsync(Configured())).Of("one");
        await failovers.SetAsync(Forced(to: "three"), default);
        Assert.Equal(["three", "one", "two"], (await group.OrderAsync()).Select(member => member.Id));
        // Safety is the breaker's.
        group.Members[2].Breaker.Trip("test");
        Assert.Equal(["one", "two"], (await group.OrderAsync()).Select(member => member.Id));
        group.Members[2].Breaker.TryBeginCheck(atOnce: true);
        group.Members[2].Breaker.CheckSucceeded();
        clock.Advance(TimeSpan.FromMinutes(59.9));
        Assert.Equal("three", (await group.OrderAsync())[0].Id);
        clock.Advance(TimeSpan.FromMinutes(0.1));
        Assert.Equal(["one", "two", "three"], (await group.OrderAsync()).Select(member => member.Id));
    }

    [Fact]
    public async Task A_member_that_is_taken_off_is_asked_no_more_until_that_is_ended()
    {
        var group = (await BuildAsync(Configured())).Of("one");
        await failovers.SetAsync(Forced(off: "one"), default);
        Assert.Equal(["two", "three"], (await group.OrderAsync()).Select(member => member.Id));
        Assert.True(await failovers.EndAsync("production", default));
        Assert.Equal(["one", "two", "three"], (await group.OrderAsync()).Select(member => member.Id));
        Assert.False(await failovers.EndAsync("production", default));
    }

    // A strategy may leave members out; an operator's word counts more.
    [Fact]
    public async Task The_forced_member_serves_also_where_the_strategy_leaves_it_out()
    {
        var group = (await BuildAsync(new Strategy((_, _, order) =>
        {
            order[0] = 0;
            return 1;
        }))).Of("one");
        await failovers.SetAsync(Forced(to: "two"), default);
        Assert.Equal(["two", "one"], (await group.OrderAsync()).Select(member => member.Id));
    }

    // "seen alike by every node": the other one reads the same store.
    [Fact]
    public async Task Another_node_follows_within_seconds()
    {
        var store = new MemoryStore(clock);
        var (here, there) = (new Failovers(store, clock), new Failovers(store, clock));
        Assert.Null(await there.FindAsync("production", default));
        await here.SetAsync(Forced(to: "two"), default);
        Assert.Equal("two", (await here.FindAsync("production", default))?.To);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("two", (await there.FindAsync("production", default))?.To);
    }

    [Fact]
    public async Task A_listener_that_throws_harms_neither_request_nor_check()
    {
        var groups = CaGroups.Build(
            [await first.GuardAsync(clock, "one")], null, _ => throw new InvalidOperationException(), _ => throw new IOException("database"), failovers, clock,
            NullLogger.Instance);
        first.IssueCall = (_, _) => throw new IOException("x");
        await Assert.ThrowsAsync<AuthorityUnavailableException>(() => groups.Find("one")!.IssueAsync(ScriptedAuthority.Draft(), null, default));
        Assert.Equal(BreakerState.Degraded, groups.Find("one")!.State);
    }

    [Fact]
    public async Task Refusals_and_hang_ups_never_count()
    {
        var member = Build([await first.GuardAsync(clock, "one")], new HaConfig { FailureThreshold = 1 }, null).Find("one")!;
        first.IssueCall = (_, _) => new(new IssueResult.Refused("no"));
        await member.IssueAsync(ScriptedAuthority.Draft(), null, default);
        using var hangUp = new CancellationTokenSource();
        first.IssueCall = async (_, cancel) =>
        {
            await hangUp.CancelAsync();
            cancel.ThrowIfCancellationRequested();
            return null!;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => member.IssueAsync(ScriptedAuthority.Draft(), null, hangUp.Token));
        Assert.Equal(BreakerState.Healthy, member.State);

        first.IssueCall = (_, _) => throw new IOException("gone");
        await Assert.ThrowsAsync<AuthorityUnavailableException>(() => member.IssueAsync(ScriptedAuthority.Draft(), null, default));
        Assert.Equal(BreakerState.CircuitOpen, member.State);
    }

    [Fact]
    public async Task A_wrong_answer_counts_as_a_failure()
    {
        var member = Build([await first.GuardAsync(clock, "one")], new HaConfig { FailureThreshold = 1 }, null).Find("one")!;
        first.IssueCall = (_, _) => new(new IssueResult.Issued(first.Certify(ScriptedAuthority.Draft())));
        await Assert.ThrowsAsync<AuthorityUnavailableException>(() => member.IssueAsync(ScriptedAuthority.Draft(), null, default));
        Assert.Equal(BreakerState.CircuitOpen, member.State);
    }

    private ForcedFailover Forced(string? to = null, string? off = null)
        => new("production", to, off, null, "bearer:test", clock.GetUtcNow(), clock.GetUtcNow().AddHours(1));

    private static HaConfig Ha() => new()
    {
        Groups = [new HaGroupConfig { Name = "production", CaIds = ["one", "two", "three"], Weights = new Dictionary<string, int> { ["one"] = 80 } }],
    };

    private static Strategy Configured() => new((members, _, order) =>
    {
        for (var i = 0; i < members.Length; i++) order[i] = i;
        return members.Length;
    });

    private async Task<GuardedAuthority[]> AllAsync()
        => [await first.GuardAsync(clock, "one"), await second.GuardAsync(clock, "two"), await third.GuardAsync(clock, "three")];

    private async Task<CaGroups> BuildAsync(IHaStrategy strategy) => Build(await AllAsync(), Ha(), strategy);

    private CaGroups Build(IReadOnlyList<GuardedAuthority> authorities, HaConfig? config, IHaStrategy? strategy, CaGroups? previous = null)
        => CaGroups.Build(authorities, config, _ => new GuardedStrategy(strategy!, new PluginGuard("ha:test", clock)), changes.Add, failovers, clock, NullLogger.Instance, previous);

    private delegate int OrderCall(ReadOnlySpan<CaStanding> members, ulong turn, Span<int> order);

    private sealed class Strategy(OrderCall call) : IHaStrategy
    {
        public int Order(ReadOnlySpan<CaStanding> members, ulong turn, Span<int> order) => call(members, turn, order);

        public ValueTask DisposeAsync() => default;
    }
}
