using FsCheck;
using FsCheck.Fluent;
using Kipuka.Plugins.HaStandard;
using Kipuka.Sdk.Ha;

namespace Kipuka.Plugins.Tests.HaStandard;

/// <summary>The book: "Each request goes to the CA with the lowest average latency".</summary>
public sealed class LatencyBasedTests
{
    private readonly LatencyBased strategy = new();

    [Fact]
    public void Known_CAs_come_from_the_fastest_to_the_slowest_and_equals_in_configured_order() => Prop.ForAll(
        Gen.Choose(0, 5).ArrayOf().Where(latencies => latencies.Length is > 0 and <= 64).ToArbitrary(), Groups.Turns, (latencies, turn) =>
        {
            CaStanding[] members = [.. latencies.Select((latency, index) => new CaStanding($"{index}", 1, index % 3, TimeSpan.FromMilliseconds(latency)))];
            Assert.Equal(Enumerable.Range(0, latencies.Length).OrderBy(index => latencies[index]), Groups.Order(strategy, members, turn));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_CA_that_nothing_is_known_of_is_tried_first_by_one_request_at_a_time()
    {
        Assert.Equal([1, 0], Groups.Order(strategy, [Ca(5), Ca(null)], 0));
        Assert.Equal([0, 1], Groups.Order(strategy, [Ca(5), Ca(null, inFlight: 1)], 0));
        // With nothing known of anybody, each gets one.
        Assert.Equal([0, 1, 2], Groups.Order(strategy, [Ca(null), Ca(null), Ca(null)], 0));
        Assert.Equal([1, 2, 0], Groups.Order(strategy, [Ca(null, inFlight: 1), Ca(null), Ca(null)], 1));
        Assert.Equal([2, 1, 0], Groups.Order(strategy, [Ca(null, inFlight: 3), Ca(null, inFlight: 2), Ca(null, inFlight: 1)], 2));
    }

    // As the core averages: the newest answer counts a fifth.
    [Fact]
    public void Traffic_leaves_a_CA_that_becomes_slow_and_comes_back_when_its_checks_are_fast_again()
    {
        var (near, far) = (5.0, 50.0);
        var (sentNear, answers) = (0, 500.0);
        for (var turn = 0; turn < 100; turn++)
        {
            if (Groups.Order(strategy, [Ca(near), Ca(far)], (ulong)turn)[0] == 0)
            {
                sentNear++;
                near += (answers - near) * 0.2;
            }
        }
        Assert.Equal(1, sentNear);
        var checks = 0;
        for (; Groups.Order(strategy, [Ca(near), Ca(far)], 0)[0] == 1; checks++)
        {
            near += (5 - near) * 0.2;
        }
        Assert.InRange(checks, 1, 10);
    }

    private static CaStanding Ca(double? milliseconds, int inFlight = 0)
        => new("ca", 1, inFlight, milliseconds is { } known ? TimeSpan.FromMilliseconds(known) : null);
}
