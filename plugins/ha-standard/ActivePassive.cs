using Kipuka.Sdk;
using Kipuka.Sdk.Ha;

[assembly: KipukaPlugin("ha", "active-passive", typeof(Kipuka.Plugins.HaStandard.ActivePassive))]

namespace Kipuka.Plugins.HaStandard;

/// <summary>The first usable CA serves; the others stand by in configured order, and the first takes over again as soon as it can.</summary>
public sealed class ActivePassive : StandardStrategy
{
    /// <inheritdoc/>
    public override int Order(ReadOnlySpan<CaStanding> members, ulong turn, Span<int> order)
    {
        Configured(members, order);
        return members.Length;
    }
}
