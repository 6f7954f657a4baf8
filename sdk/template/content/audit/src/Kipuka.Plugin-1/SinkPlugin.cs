using Kipuka.Sdk;
using Kipuka.Sdk.Audit;

[assembly: KipukaPlugin("audit", "plugin-1-name", typeof(Kipuka.Plugin_1.SinkPlugin))]

namespace Kipuka.Plugin_1;

/// <summary>Appends the journal to a file, one line of JSON for each record.</summary>
public sealed class SinkPlugin : Plugin<IAuditSink, SinkSettings>
{
    /// <inheritdoc/>
    public override IEnumerable<SettingsProblem> Check(SinkSettings settings)
    {
        if (Directory.Exists(settings.File.FullPath))
        {
            yield return new SettingsProblem("file", $"{settings.File} is a folder; name a file.");
        }
    }

    /// <inheritdoc/>
    public override ValueTask<IAuditSink> StartAsync(SinkSettings settings, IPluginHost host, CancellationToken cancel)
        => new(new Sink(settings.File.FullPath));
}
