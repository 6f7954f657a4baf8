using Kipuka.Sdk;
using Kipuka.Sdk.Ha;

[assembly: KipukaPlugin("ha", "plugin-1-name", typeof(Kipuka.Plugin_1.StrategyPlugin))]

namespace Kipuka.Plugin_1;

/// <summary>Every CA in turn; standbys (weight 0) after all others.</summary>
public sealed class StrategyPlugin : Plugin<IHaStrategy, StrategySettings>
{
    /// <inheritdoc/>
    public override ValueTask<IHaStrategy> StartAsync(StrategySettings settings, IPluginHost host, CancellationToken cancel)
        => new(new Strategy());
}
