using Kipuka.Catalog;
using Kipuka.Sdk.Ha;

namespace Kipuka.Ha;

/// <summary>A strategy, asked within a limit: it only sorts, so it is given a second.</summary>
internal sealed class GuardedStrategy(IHaStrategy strategy, PluginGuard guard)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <returns>What it wrote, unchecked.</returns>
    /// <exception cref="PluginFaultException">It gave no answer.</exception>
    public Task<int[]> OrderAsync(CaStanding[] members, ulong turn)
        => guard.CallAsync("ordering", _ =>
        {
            var order = new int[members.Length];
            var count = strategy.Order(members, turn, order);
            return count >= 1 && count <= order.Length
                ? new ValueTask<int[]>(order[..count])
                : throw new InvalidOperationException($"it says that it wrote {count} of {order.Length} places");
        }, Limit, CancellationToken.None);
}
