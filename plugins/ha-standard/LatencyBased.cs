using Kipuka.Sdk;
using Kipuka.Sdk.Ha;

[assembly: KipukaPlugin("ha", "latency-based", typeof(Kipuka.Plugins.HaStandard.LatencyBased))]

namespace Kipuka.Plugins.HaStandard;

/// <summary>
/// The CA that has lately answered fastest is asked first. One that nothing is known of is tried before, by one request at a time: until its answer is
/// there, the others go to those that are known. Slow ones stay known by their health checks.
/// </summary>
public sealed class LatencyBased : StandardStrategy
{
    private const int Untried = 0;
    private const int Known = 1;
    private const int BeingTried = 2;

    /// <inheritdoc/>
    public override int Order(ReadOnlySpan<CaStanding> members, ulong turn, Span<int> order)
    {
        Configured(members, order);
        // By insertion, which keeps equals in configured order; there are at most 64.
        for (var place = 1; place < members.Length; place++)
        {
            var to = place;
            while (to > 0 && IsBefore(members[place], members[order[to - 1]]))
            {
                to--;
            }
            Advance(order, to, place);
        }
        return members.Length;
    }

    private static bool IsBefore(in CaStanding one, in CaStanding other) => (Rank(one), Rank(other)) switch
    {
        var (a, b) when a != b => a < b,
        (Known, _) => one.TypicalLatency < other.TypicalLatency,
        _ => one.InFlight < other.InFlight,
    };

    private static int Rank(in CaStanding member) => member.TypicalLatency is not null ? Known : member.InFlight == 0 ? Untried : BeingTried;
}
