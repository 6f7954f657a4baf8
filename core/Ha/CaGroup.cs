using Kipuka.Sdk.Ha;
using Microsoft.Extensions.Logging;

namespace Kipuka.Ha;

/// <summary>CAs that stand in for each other. A CA that is in no <c>[[ha.group]]</c> is a group of one, without a strategy.</summary>
/// <param name="name">The group's name, or the lone CA's id.</param>
/// <param name="members">In configured order; at least one, at most 64.</param>
/// <param name="strategy">Orders them; null for one member.</param>
/// <param name="logger">Told once when the strategy's answer cannot be used.</param>
internal sealed class CaGroup(string name, IReadOnlyList<CaMember> members, IHaStrategy? strategy, ILogger logger)
{
    public const int MostMembers = 64;

    private ulong turn;
    private int complained;

    public string Name => name;

    public IReadOnlyList<CaMember> Members => members;

    /// <summary>When another try makes sense, for a request that found no usable member: the time until the first probe, at least a second.</summary>
    public TimeSpan RetryAfter
    {
        get
        {
            var soonest = members.Min(member => member.Breaker.RetryAfter);
            return soonest > TimeSpan.FromSeconds(1) ? soonest : TimeSpan.FromSeconds(1);
        }
    }

    /// <summary>The usable members for one request, first choice first; none when every circuit is open: 503 with <see cref="RetryAfter"/>.</summary>
    public IReadOnlyList<CaMember> Order()
    {
        CaMember[] usable = [.. members.Where(member => member.IsUsable)];
        if (strategy is null || usable.Length < 2) return usable;
        var standings = Array.ConvertAll(usable, Standing);
        Span<int> order = stackalloc int[MostMembers];
        order = order[..usable.Length];
        try
        {
            var count = strategy.Order(standings, Interlocked.Increment(ref turn) - 1, order);
            if (count >= 1 && count <= usable.Length && IsSelection(order[..count], usable.Length)) return Pick(usable, order[..count]);
            Complain(null);
        }
        catch (Exception fault)
        {
            Complain(fault);
        }
        // A strategy that cannot count must not stop issuing: the configured order is always a right one.
        return usable;
    }

    private static CaStanding Standing(CaMember member)
        => new(member.Id, member.Weight, member.Authority.InFlight, member.Authority.TypicalLatency);

    private static bool IsSelection(ReadOnlySpan<int> order, int members)
    {
        ulong seen = 0;
        foreach (var index in order)
        {
            if (index < 0 || index >= members || (seen & (1UL << index)) != 0) return false;
            seen |= 1UL << index;
        }
        return true;
    }

    private static CaMember[] Pick(CaMember[] usable, ReadOnlySpan<int> order)
    {
        var picked = new CaMember[order.Length];
        for (var place = 0; place < order.Length; place++) picked[place] = usable[order[place]];
        return picked;
    }

    private void Complain(Exception? fault)
    {
        if (Interlocked.Exchange(ref complained, 1) != 0) return;
        logger.LogError(
            fault, "The strategy of HA group {Group} gave an order that is none; its CAs are used in configured order. Report this to the plugin's author.", name);
    }
}
