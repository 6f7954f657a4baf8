using Kipuka.Sdk;
using Kipuka.Sdk.Transport;

[assembly: KipukaPlugin("transport", "scripted", typeof(Kipuka.TestPlugins.ScriptedTransportPlugin))]

namespace Kipuka.TestPlugins;

public sealed class ScriptedTransportPlugin : Plugin<ITransport, ScriptSettings>
{
    public override ValueTask<ITransport> StartAsync(ScriptSettings settings, IPluginHost host, CancellationToken cancel)
        => new(new ScriptedTransport(settings));
}

internal sealed class ScriptedTransport(ScriptSettings settings) : ITransport, IHealthProbe
{
    public ValueTask ListenAsync(TransportServices services, CancellationToken cancel) => settings.ObeyAsync(cancel);

    public ValueTask UnbindAsync(CancellationToken cancel) => settings.ObeyAsync(cancel);

    public ValueTask ProbeAsync(CancellationToken cancel) => settings.ObeyAsync(cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
