using FsCheck;
using FsCheck.Fluent;
using Kipuka.Plugins.HaStandard;

namespace Kipuka.Plugins.Tests.HaStandard;

/// <summary>The book: "Each request goes to the next CA in a circular list", "Load is balanced evenly across all healthy CAs".</summary>
public sealed class RoundRobinTests
{
    private readonly RoundRobin strategy = new();

    [Fact]
    public void Any_run_of_requests_goes_round_in_configured_order() => Prop.ForAll(Gen.Choose(1, 64).ToArbitrary(), Groups.Turns, (count, turn) =>
    {
        var members = Groups.Weighted(new int[count]);
        var begin = turn - (turn % (ulong)count);
        var firsts = Enumerable.Range(0, count).Select(i => Groups.Order(strategy, members, unchecked(begin + (ulong)i))[0]);
        if (begin < ulong.MaxValue - 64)
        {
            Assert.Equal(Enumerable.Range(0, count), firsts);
        }
    }).QuickCheckThrowOnFailure();

    // "If ca-east fails, traffic is redistributed 50/50 to ca-west and ca-central": also before its circuit opens.
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void What_stands_in_for_a_CA_goes_round_too(int count)
    {
        var members = Groups.Weighted(new int[count]);
        var pairs = Enumerable.Range(0, count * (count - 1)).Select(turn => Groups.Order(strategy, members, (ulong)turn)).Select(order => (order[0], order[1]));
        Assert.Equal(count * (count - 1), pairs.Distinct().Count());
    }
}
