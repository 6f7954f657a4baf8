using Kipuka.Catalog;
using Kipuka.Cli;
using Microsoft.Extensions.DependencyInjection;

namespace Kipuka.Tests.Cli;

/// <summary>Commands run as the process runs them, in a folder of their own, with a server that only remembers what it was told.</summary>
internal sealed class CliRun : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kipuka-cli-");

    public string Folder => folder.FullName;

    public Dictionary<string, string> Variables { get; } = [];

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public RecordingServer Server { get; } = new();

    public Surroundings Surroundings => new(Folder, Variables.GetValueOrDefault, Clock);

    public string PathOf(string name) => Path.Combine(Folder, name);

    public void Write(string name, string content) => File.WriteAllText(PathOf(name), content);

    public async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        await using var services = Services();
        using StringWriter output = new(), error = new();
        var code = await services.GetRequiredService<CommandTree>().RunAsync(args, output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }

    public ServiceProvider Services() => new ServiceCollection()
        .AddSingleton(Clock)
        .AddSingleton(Surroundings)
        .AddSingleton(_ => new ConfigLoader(Variables.GetValueOrDefault, PluginFolders.DefaultDirectory, KnownPlugins.DefaultFile, ShippedPlugins.Hashes))
        .AddSingleton<IServer>(Server)
        .AddCommands()
        .BuildServiceProvider();

    public void Dispose() => folder.Delete(recursive: true);

    internal sealed class RecordingServer : IServer
    {
        public List<ServerOptions> Runs { get; } = [];

        public int Result { get; set; }

        public async Task<int> RunAsync(ServerOptions options, Func<CancellationToken, Task>? ready, CancellationToken stop)
        {
            Runs.Add(options);
            if (ready is not null)
            {
                await ready(stop);
            }
            return Result;
        }
    }
}
