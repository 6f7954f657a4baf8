using FsCheck;
using FsCheck.Fluent;
using Kipuka.Plugins.HaStandard;

namespace Kipuka.Plugins.Tests.HaStandard;

/// <summary>The book: "Each CA receives traffic proportional to its weight", "If a CA fails, its weight is redistributed to remaining CAs".</summary>
public sealed class WeightedTests
{
    private const int Run = 600;

    private readonly Weighted strategy = new();

    // However long a run of requests is and wherever it begins, nobody is further than a handful from its share of it: no bursts, no gaps.
    [Fact]
    public void Every_run_of_requests_is_shared_by_weight_to_within_a_handful() => Prop.ForAll(Groups.Weights, Groups.Turns, (weights, turn) =>
    {
        var members = Groups.Weighted(weights);
        var total = weights.Sum(weight => (long)weight);
        var firsts = Enumerable.Range(0, Run).Select(i => Groups.Order(strategy, members, unchecked(turn + (ulong)i))[0]).ToArray();
        for (var member = 0; member < weights.Length; member++)
        {
            var (ahead, most, least) = (0.0, 0.0, 0.0);
            foreach (var first in firsts)
            {
                ahead += (first == member ? 1 : 0) - ((double)weights[member] / total);
                (most, least) = (Math.Max(most, ahead), Math.Min(least, ahead));
            }
            // The widest of all runs within this one.
            Assert.True(most - least < 5, $"[{string.Join(", ", weights)}] from turn {turn}: CA {member} is off by {most - least:0.0}");
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_canary_of_ten_percent_never_gets_two_requests_close_together_and_never_waits_long()
    {
        var canary = Enumerable.Range(0, 5000).Where(turn => Groups.Order(strategy, Groups.Weighted(90, 10), (ulong)turn)[0] == 1).ToList();
        Assert.InRange(canary.Count, 499, 501);
        Assert.All(canary.Zip(canary.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 5, 13));
    }

    [Theory]
    [InlineData(80, 10, 10)]
    [InlineData(1, 2, 3)]
    [InlineData(90, 5, 5)]
    [InlineData(1000, 1, 999)]
    public void What_a_CA_that_fails_would_have_got_goes_to_the_others_by_their_weights(int one, int two, int three)
    {
        int[] weights = [one, two, three];
        var orders = Enumerable.Range(0, 30_000).Select(turn => Groups.Order(strategy, Groups.Weighted(weights), (ulong)turn)).ToList();
        for (var failing = 0; failing < 3; failing++)
        {
            var seconds = orders.Where(order => order[0] == failing).Select(order => order[1]).ToList();
            foreach (var other in Enumerable.Range(0, 3).Where(other => other != failing))
            {
                var share = (double)weights[other] / (weights.Sum() - weights[failing]);
                Assert.InRange(seconds.Count(second => second == other), (share * seconds.Count) - 40, (share * seconds.Count) + 40);
            }
        }
    }

    [Fact]
    public void Standbys_come_last_in_configured_order() => Prop.ForAll(Groups.Weights, Groups.Turns, (weights, turn) =>
    {
        var order = Groups.Order(strategy, Groups.Weighted(weights), turn);
        var working = weights.Count(weight => weight > 0);
        Assert.All(order[..working], member => Assert.True(weights[member] > 0));
        Assert.Equal(Enumerable.Range(0, weights.Length).Where(member => weights[member] == 0), order[working..]);
    }).QuickCheckThrowOnFailure();

    // The others are out, or have been taken off: somebody has to issue.
    [Fact]
    public void Standbys_alone_serve_in_configured_order() => Assert.Equal([0, 1, 2], Groups.Order(strategy, Groups.Weighted(0, 0, 0), 7));
}
