using Kipuka.Sdk;
using Kipuka.Sdk.Tck;

namespace Kipuka.Plugin_1.Tests;

public sealed class SinkTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    private string File => Path.Combine(folder, "log", "audit.jsonl");

    [Fact]
    public async Task The_plugin_keeps_the_contract()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        var options = new AuditOptions
        {
            Read = async cancel => await System.IO.File.ReadAllTextAsync(File, cancel),
            Outage = new TckOutage(_ => Move("log", "away"), _ => Move("away", "log")),
        };
        (await AuditSuite.RunAsync(new SinkPlugin(), new SinkSettings { File = new SettingsPath(File) }, options)).ThrowIfFailed();
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private ValueTask Move(string from, string to)
    {
        Directory.Move(Path.Combine(folder, from), Path.Combine(folder, to));
        return default;
    }
}
