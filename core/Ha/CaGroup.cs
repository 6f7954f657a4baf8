using Kipuka.Catalog;
using Kipuka.Sdk.Ha;
using Microsoft.Extensions.Logging;

namespace Kipuka.Ha;

/// <summary>CAs that stand in for each other. A CA that is in no <c>[[ha.group]]</c> is a group of one, without a strategy.</summary>
/// <param name="name">The group's name, or the lone CA's id.</param>
/// <param name="members">In configured order; at least one, at most 64.</param>
/// <param name="strategy">Orders them; null for one member.</param>
/// <param name="logger">Told once when the strategy's answer cannot be used.</param>
internal sealed class CaGroup(string name, IReadOnlyList<CaMember> members, GuardedStrategy? strategy, ILogger logger)
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
    public async ValueTask<IReadOnlyList<CaMember>> OrderAsync()
    {
        CaMember[] usable = [.. members.Where(member => member.IsUsable)];
        if (strategy is null || usable.Length < 2) return usable;
        try
        {
            var order = await strategy.OrderAsync(Array.ConvertAll(usable, Standing), Interlocked.Increment(ref turn) - 1);
            if (IsSelection(order, usable.Length)) return Array.ConvertAll(order, place => usable[place]);
            Complain(null);
        }
        catch (PluginFaultException fault)
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

    private void Complain(Exception? fault)
    {
        if (Interlocked.Exchange(ref complained, 1) != 0) return;
        logger.LogError(
            fault, "The strategy of HA group {Group} gave an order that is none; its CAs are used in configured order. Report this to the plugin's author.", name);
    }
}
