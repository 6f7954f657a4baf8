using Kipuka.Sdk;
using Kipuka.Sdk.Ha;

[assembly: KipukaPlugin("ha", "scripted", typeof(Kipuka.TestPlugins.ScriptedStrategyPlugin))]

namespace Kipuka.TestPlugins;

public sealed class ScriptedStrategyPlugin : Plugin<IHaStrategy, ScriptSettings>
{
    public override ValueTask<IHaStrategy> StartAsync(ScriptSettings settings, IPluginHost host, CancellationToken cancel)
        => new(new ScriptedStrategy(settings));
}

internal sealed class ScriptedStrategy(ScriptSettings settings) : IHaStrategy
{
    public int Order(ReadOnlySpan<CaStanding> members, ulong turn, Span<int> order)
    {
        settings.Obey();
        order[0] = 0;
        return 1;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
