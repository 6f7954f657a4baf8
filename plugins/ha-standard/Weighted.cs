using Kipuka.Sdk;
using Kipuka.Sdk.Ha;

[assembly: KipukaPlugin("ha", "weighted", typeof(Kipuka.Plugins.HaStandard.Weighted))]

namespace Kipuka.Plugins.HaStandard;

/// <summary>
/// Each CA gets requests in proportion to its weight, evenly mixed rather than in bursts. What one that fails would have got goes to the others, again by
/// weight. A weight of 0 is a standby: asked, in configured order, only after all that have one.
/// </summary>
public sealed class Weighted : StandardStrategy
{
    // The golden section of 2^64: its multiples fall into every part of the circle in turn, and never far from in proportion to the part's size.
    private const ulong GoldenSection = 0x9E3779B97F4A7C15;

    /// <inheritdoc/>
    public override int Order(ReadOnlySpan<CaStanding> members, ulong turn, Span<int> order)
    {
        Configured(members, order);
        var point = unchecked(turn * GoldenSection);
        for (var place = 0; place < members.Length && Total(members, order[place..]) is > 0 and var total; place++)
        {
            Advance(order, place, place + Choose(members, order[place..], total, ref point));
        }
        return members.Length;
    }

    // The circle is cut into one part for each CA, as large as its weight. Where in the chosen part the point lies is a new point for the next choice.
    private static int Choose(ReadOnlySpan<CaStanding> members, ReadOnlySpan<int> left, ulong total, ref ulong point)
    {
        var at = (UInt128)point * total;
        for (var index = 0; ; index++)
        {
            var part = (UInt128)(ulong)members[left[index]].Weight << 64;
            if (at < part)
            {
                point = (ulong)(at / (ulong)members[left[index]].Weight);
                return index;
            }
            at -= part;
        }
    }

    private static ulong Total(ReadOnlySpan<CaStanding> members, ReadOnlySpan<int> left)
    {
        ulong total = 0;
        foreach (var member in left)
        {
            total += (ulong)members[member].Weight;
        }
        return total;
    }
}
