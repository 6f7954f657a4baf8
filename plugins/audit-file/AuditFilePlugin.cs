using Kipuka.Sdk;
using Kipuka.Sdk.Audit;

[assembly: KipukaPlugin("audit", "file", typeof(Kipuka.Plugins.AuditFile.AuditFilePlugin), Tables = ["audit.file"])]

namespace Kipuka.Plugins.AuditFile;

/// <summary>Appends the journal to a file of JSON Lines.</summary>
public sealed class AuditFilePlugin : Plugin<IAuditSink, AuditFileSettings>
{
    /// <inheritdoc/>
    public override IEnumerable<SettingsProblem> Check(AuditFileSettings settings)
    {
        var path = settings.File.FullPath;
        var folder = Path.GetDirectoryName(path);
        if (Directory.Exists(path))
        {
            yield return new SettingsProblem("file", $"{path} is a folder; name a file in it.");
        }
        else if (!Directory.Exists(folder))
        {
            yield return new SettingsProblem("file", $"The folder {folder} does not exist; create it, writable by the server's user.");
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<IAuditSink> StartAsync(AuditFileSettings settings, IPluginHost host, CancellationToken cancel)
    {
        var sink = new AuditFileSink(settings.File.FullPath);
        await sink.ProbeAsync(cancel);
        return sink;
    }
}
