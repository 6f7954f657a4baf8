using Kipuka.Sdk;
using Kipuka.Sdk.Ha;

namespace Kipuka.TestPlugins;

/// <summary>Always the members in their order.</summary>
public sealed class FirstStrategyPlugin : Plugin<IHaStrategy, NoSettings>
{
    public override ValueTask<IHaStrategy> StartAsync(NoSettings settings, IPluginHost host, CancellationToken cancel) => new(new FirstStrategy());
}

public sealed record NoSettings;

internal sealed class FirstStrategy : IHaStrategy
{
    public int Order(ReadOnlySpan<CaStanding> members, ulong turn, Span<int> order)
    {
        for (var i = 0; i < members.Length; i++)
        {
            order[i] = i;
        }
        return members.Length;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
