using Kipuka.Sdk;
using Kipuka.Sdk.Audit;

[assembly: KipukaPlugin("audit", "scripted", typeof(Kipuka.TestPlugins.ScriptedSinkPlugin))]

namespace Kipuka.TestPlugins;

public sealed class ScriptedSinkPlugin : Plugin<IAuditSink, ScriptSettings>
{
    public override ValueTask<IAuditSink> StartAsync(ScriptSettings settings, IPluginHost host, CancellationToken cancel)
        => new(new ScriptedSink(settings));
}

internal sealed class ScriptedSink(ScriptSettings settings) : IAuditSink
{
    public ValueTask WriteAsync(IReadOnlyList<AuditEvent> batch, CancellationToken cancel) => settings.ObeyAsync(cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
