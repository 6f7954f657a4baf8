using Kipuka.Catalog;
using Kipuka.Sdk.Ha;
using Microsoft.Extensions.Logging;

namespace Kipuka.Ha;

/// <summary>CAs that stand in for each other. A CA that is in no <c>[[ha.group]]</c> is a group of one, without a strategy.</summary>
/// <param name="name">The group's name, or the lone CA's id.</param>
/// <param name="members">In configured order; at least one, at most 64.</param>
/// <param name="strategy">Orders them; null for one member.</param>
/// <param name="turns">Counts its requests.</param>
/// <param name="failovers">What operators force on it.</param>
/// <param name="logger">Told once when the strategy's answer cannot be used.</param>
internal sealed class CaGroup(
    string name, IReadOnlyList<CaMember> members, (string Name, GuardedStrategy Guarded)? strategy, Turns turns, Failovers failovers, ILogger logger)
{
    public const int MostMembers = 64;

    private int complained;

    public string Name => name;

    /// <summary>The strategy's name; null for one member.</summary>
    public string? Strategy => strategy?.Name;

    public Turns Turns => turns;

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
        // A lone CA has nobody to fail over to.
        if (strategy is not { } known) return members.Where(member => member.IsUsable).ToArray();
        var forced = await failovers.FindAsync(name, CancellationToken.None);
        CaMember[] usable = [.. members.Where(member => member.IsUsable && member.Id != forced?.Off)];
        var ordered = usable.Length < 2 ? usable : await OrderAsync(known.Guarded, usable);
        // The one that is forced stands first, also where the strategy would have left it out.
        return usable.FirstOrDefault(member => member.Id == forced?.To) is { } preferred
            ? [preferred, .. ordered.Where(member => member != preferred)]
            : ordered;
    }

    /// <summary>What an operator forces on the group now; null when its strategy alone decides.</summary>
    public ValueTask<ForcedFailover?> ForcedAsync(CancellationToken cancel) => failovers.FindAsync(name, cancel);

    private async ValueTask<IReadOnlyList<CaMember>> OrderAsync(GuardedStrategy strategy, CaMember[] usable)
    {
        try
        {
            var order = await strategy.OrderAsync(Array.ConvertAll(usable, Standing), turns.Next());
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
