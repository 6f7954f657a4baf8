using Kipuka.Catalog;
using Kipuka.Config;
using Kipuka.Ha;
using Kipuka.Sdk.Ca;
using Kipuka.Sdk.Ha;
using Kipuka.Tests.Ca;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kipuka.Tests.Ha;

/// <summary>A day with a CA that comes and goes, in simulated time: what its group makes of it.</summary>
public sealed class FlappingTests
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private static readonly HaConfig Config = new() { Groups = [new HaGroupConfig { Name = "g", CaIds = ["bad", "good"] }] };

    // After four doublings 16 minutes lie between two tries.
    private const int MostOpenings = (24 * 60 / 16) + 6;

    private readonly ManualTime clock = new();
    private readonly ScriptedAuthority bad = new();
    private readonly ScriptedAuthority good = new();
    private readonly List<(TimeSpan At, HealthChange Change)> changes = [];
    private readonly CertificateDraft draft = ScriptedAuthority.Draft();
    private DateTimeOffset began;

    public FlappingTests()
    {
        // One certificate for all: a day has 8640 requests.
        var (one, other) = (bad.Certify(draft), good.Certify(draft));
        bad.IssueCall = (_, _) => new(new IssueResult.Issued(one));
        good.IssueCall = (_, _) => new(new IssueResult.Issued(other));
    }

    [Fact]
    public async Task A_CA_whose_checks_pass_and_whose_requests_fail_is_tried_ever_more_rarely()
    {
        bad.IssueCall = (_, _) => throw new AuthorityUnavailableException("no", mayHaveIssued: false);
        var served = await LiveAsync();
        Assert.Equal((0, 0), (served.Unserved, served.Switches));
        Assert.InRange(bad.Issues, 1, MostOpenings * Config.FailureThreshold);
    }

    // Down for good after an hour: probes become rare, and nothing changes hands after the first time.
    [Fact]
    public async Task A_CA_that_is_gone_is_left_once_and_probed_rarely()
    {
        bad.ProbeCall = _ => clock.GetUtcNow() - began > TimeSpan.FromHours(1) ? throw new IOException("gone") : default;
        var works = bad.IssueCall;
        bad.IssueCall = (asked, cancel) => clock.GetUtcNow() - began > TimeSpan.FromHours(1)
            ? throw new AuthorityUnavailableException("gone", mayHaveIssued: false)
            : works(asked, cancel);
        var served = await LiveAsync();
        Assert.Equal((0, 1), (served.Unserved, served.Switches));
        Assert.InRange(changes.Count(change => change.Change.To == BreakerState.Recovering), 80, MostOpenings);
    }

    // One check of three fails, or two: never three in a row.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Single_failed_checks_never_move_the_traffic(int outOf)
    {
        var checks = 0;
        bad.ProbeCall = _ => checks++ % 3 < outOf ? throw new IOException("hiccup") : default;
        var served = await LiveAsync();
        Assert.Equal((0, 0), (served.Unserved, served.Switches));
        Assert.DoesNotContain(changes, change => change.Change.To is BreakerState.Unhealthy or BreakerState.CircuitOpen);
    }

    // Up and down all day: left when it fails, and given a chance as rarely as one that is gone.
    [Theory]
    [InlineData(30)]
    [InlineData(50)]
    [InlineData(170)]
    public async Task A_CA_that_comes_and_goes_does_not_take_its_group_along_and_no_request_is_lost(int seconds)
    {
        bool Works() => (clock.GetUtcNow() - began).TotalSeconds % (2 * seconds) < seconds;
        bad.ProbeCall = _ => Works() ? default : throw new IOException("down");
        var works = bad.IssueCall;
        bad.IssueCall = (asked, cancel) => Works() ? works(asked, cancel) : throw new AuthorityUnavailableException("down", mayHaveIssued: false);
        var served = await LiveAsync();
        Assert.Equal(0, served.Unserved);
        Assert.InRange(served.Switches, 1, 2 * MostOpenings);
        // The other one, which works, is never touched.
        Assert.DoesNotContain(changes, change => change.Change.Authority == "good");
    }

    private async Task<(int Unserved, int Switches)> LiveAsync()
    {
        var between = TimeSpan.FromSeconds(10);
        began = clock.GetUtcNow();
        var groups = CaGroups.Build(
            [await bad.GuardAsync(clock, "bad"), await good.GuardAsync(clock, "good")], Config,
            _ => new GuardedStrategy(new First(), new PluginGuard("ha:first", clock)), change => changes.Add((clock.GetUtcNow() - began, change)),
            new Failovers(new MemoryStore(clock), clock), clock, NullLogger.Instance);
        var group = groups.Of("bad");
        var (unserved, switches, last) = (0, 0, "");
        var nextCheck = Config.CheckInterval;
        for (var time = TimeSpan.Zero; time < Day; time += between)
        {
            if (time >= nextCheck)
            {
                // As the prober does it, one after the other.
                foreach (var member in group.Members) await member.CheckAsync(default);
                nextCheck += Config.CheckInterval;
            }
            var servedBy = "";
            foreach (var member in await group.OrderAsync())
            {
                try
                {
                    await member.IssueAsync(draft, null, default);
                    servedBy = member.Id;
                    break;
                }
                catch (AuthorityUnavailableException fault) when (!fault.MayHaveIssued)
                {
                    // The next one.
                }
            }
            unserved += servedBy.Length == 0 ? 1 : 0;
            switches += last.Length > 0 && servedBy != last ? 1 : 0;
            last = servedBy;
            clock.Advance(between);
        }
        return (unserved, switches);
    }

    private sealed class First : IHaStrategy
    {
        public int Order(ReadOnlySpan<CaStanding> members, ulong turn, Span<int> order)
        {
            for (var i = 0; i < members.Length; i++) order[i] = i;
            return members.Length;
        }

        public ValueTask DisposeAsync() => default;
    }
}
