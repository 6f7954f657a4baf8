using Kipuka.Sdk;
using Kipuka.Sdk.Ha;

namespace Kipuka.Plugins.HaStandard;

/// <summary>A strategy without settings or state: it is its own plugin and its own service, and writes one method.</summary>
public abstract class StandardStrategy : Plugin<IHaStrategy, NoSettings>, IHaStrategy
{
    /// <inheritdoc/>
    public abstract int Order(ReadOnlySpan<CaStanding> members, ulong turn, Span<int> order);

    /// <inheritdoc/>
    public sealed override ValueTask<IHaStrategy> StartAsync(NoSettings settings, IPluginHost host, CancellationToken cancel) => new(this);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }
}
