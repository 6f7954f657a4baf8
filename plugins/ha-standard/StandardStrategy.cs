using Kipuka.Sdk;
using Kipuka.Sdk.Ha;

namespace Kipuka.Plugins.HaStandard;

/// <summary>A strategy without settings or state: it is its own plugin and its own service, and writes one method.</summary>
public abstract class StandardStrategy : Plugin<IHaStrategy, NoSettings>, IHaStrategy
{
    /// <inheritdoc/>
    public abstract int Order(ReadOnlySpan<CaStanding> members, ulong turn, Span<int> order);

    /// <summary>Writes the configured order.</summary>
    private protected static void Configured(ReadOnlySpan<CaStanding> members, Span<int> order)
    {
        for (var place = 0; place < members.Length; place++)
        {
            order[place] = place;
        }
    }

    /// <summary>Takes the member at one place forward to another; those in between make room.</summary>
    private protected static void Advance(Span<int> order, int to, int from)
    {
        var member = order[from];
        order[to..from].CopyTo(order[(to + 1)..]);
        order[to] = member;
    }

    /// <inheritdoc/>
    public sealed override ValueTask<IHaStrategy> StartAsync(NoSettings settings, IPluginHost host, CancellationToken cancel) => new(this);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }
}
