using Kipuka.Sdk;
using Kipuka.Sdk.Ha;

[assembly: KipukaPlugin("ha", "round-robin", typeof(Kipuka.Plugins.HaStandard.RoundRobin))]

namespace Kipuka.Plugins.HaStandard;

/// <summary>Each request goes to the next CA of the circle. Who stands in for it goes round too, so that a CA that fails burdens all others alike.</summary>
public sealed class RoundRobin : StandardStrategy
{
    /// <inheritdoc/>
    public override int Order(ReadOnlySpan<CaStanding> members, ulong turn, Span<int> order)
    {
        Configured(members, order);
        for (var place = 0; place < members.Length; place++)
        {
            var left = (ulong)(members.Length - place);
            Advance(order, place, place + (int)(turn % left));
            turn /= left;
        }
        return members.Length;
    }
}
