using System.Net;
using System.Text.Json;

namespace Kipuka.Reload;

/// <summary>A server whose plugin directory is its own, so that folders can be added, upgraded and removed, with pins as an operator writes them.</summary>
public sealed class PluginServer : IAsyncDisposable
{
    private const string TableMark = "# The plugin directory.";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ScratchFolder _directory;
    private readonly SortedDictionary<string, string> _pins = [];

    private PluginServer(ScratchFolder directory, KipukaServer kipuka) => (_directory, Kipuka) = (directory, kipuka);

    public KipukaServer Kipuka { get; }

    /// <summary>Further lines of <c>[plugins]</c>.</summary>
    public string Keys { get; set; } = "";

    /// <summary>A server with the shipped plugins.</summary>
    /// <param name="setup">Everything but <c>[plugins]</c>.</param>
    /// <param name="pinned">Plugins of tests/plugins that are there, pinned, from the start.</param>
    public static async Task<PluginServer> StartAsync(ServerSetup setup, params string[] pinned)
    {
        var directory = new ScratchFolder();
        foreach (var shipped in Directory.EnumerateDirectories(Path.Combine(Repository.Build, "plugins")))
        {
            PluginFiles.Copy(shipped, directory[Path.GetFileName(shipped)]);
        }
        var pins = new Dictionary<string, string>();
        foreach (var plugin in pinned)
        {
            PluginFiles.Copy(PluginFiles.Test(plugin), directory[plugin]);
            pins[plugin] = await PluginFiles.HashAsync(directory[plugin]);
        }
        var server = new PluginServer(directory, await KipukaServer.StartAsync(setup with { More = $"{setup.More}\n{Table(directory.Path, pins, "")}" }));
        foreach (var (plugin, hash) in pins)
        {
            server._pins[plugin] = hash;
        }
        return server;
    }

    /// <summary>The path of a plugin folder of this server.</summary>
    public string this[string plugin] => _directory[plugin];

    public string Config => File.ReadAllText(Kipuka.ConfigFile);

    /// <summary>Writes kipuka.toml anew with another text before, and the pins of now in, <c>[plugins]</c>.</summary>
    public void Edit(Func<string, string>? change = null)
    {
        var text = Config[..Config.IndexOf(TableMark, StringComparison.Ordinal)];
        // As editors do it: a reader sees the old file or the new one.
        File.WriteAllText(Kipuka.ConfigFile + ".new", (change?.Invoke(text) ?? text) + Table(_directory.Path, _pins, Keys));
        File.Move(Kipuka.ConfigFile + ".new", Kipuka.ConfigFile, overwrite: true);
    }

    public void Pin(string plugin, string? hash)
    {
        _ = hash is null ? _pins.Remove(plugin) : _pins.TryAdd(plugin, hash) || (_pins[plugin] = hash) is not null;
        Edit();
    }

    /// <summary>Puts other files in the place of a folder, or there for the first time: copied aside first, then moved.</summary>
    public void Install(string plugin, string from)
    {
        var aside = Path.Combine(Kipuka.Folder, $"{plugin}-{Guid.NewGuid():N}");
        PluginFiles.Copy(from, aside);
        Remove(plugin);
        Directory.Move(aside, this[plugin]);
    }

    public void Remove(string plugin)
    {
        if (Directory.Exists(this[plugin]))
        {
            var gone = Path.Combine(Kipuka.Folder, $"gone-{Guid.NewGuid():N}");
            Directory.Move(this[plugin], gone);
            Directory.Delete(gone, recursive: true);
        }
    }

    public async Task<JsonElement> HealthAsync() => (await Kipuka.AdminAsync(HttpMethod.Get, "health")).Body!.Value;

    public async Task<int> GenerationAsync() => (await HealthAsync()).GetProperty("configuration").GetProperty("generation").GetInt32();

    public async Task<JsonElement> PluginsAsync() => (await Kipuka.AdminAsync(HttpMethod.Get, "plugins")).Body!.Value;

    /// <summary>POST /admin/reload, which has to succeed.</summary>
    public async Task ReloadAsync()
    {
        var (status, _, text) = await Kipuka.AdminAsync(HttpMethod.Post, "reload");
        Assert.True(status == HttpStatusCode.OK, text);
    }

    /// <summary>POST /admin/reload, which has to be refused; its problems.</summary>
    public async Task<IReadOnlyList<string>> ReloadRefusedAsync()
    {
        var before = await GenerationAsync();
        var (status, answer, text) = await Kipuka.AdminAsync(HttpMethod.Post, "reload");
        Assert.True(status == HttpStatusCode.Conflict, text);
        Assert.Equal(before, await GenerationAsync());
        return [.. answer!.Value.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!)];
    }

    /// <summary>Polls until something holds.</summary>
    public async Task UntilAsync(Func<Task<bool>> holds, string what, TimeSpan? limit = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < (limit ?? Patience), $"{what}: not within {limit ?? Patience}\n{Kipuka.Log}");
        }
    }

    /// <summary>Until no code that nobody uses is in memory.</summary>
    public Task UntilUnloadedAsync() => UntilAsync(
        async () => (await PluginsAsync()).GetProperty("leaked").GetArrayLength() == 0, "every context that is not used is gone", TimeSpan.FromSeconds(10));

    public async ValueTask DisposeAsync()
    {
        await Kipuka.DisposeAsync();
        _directory.Dispose();
    }

    private static string Table(string directory, IEnumerable<KeyValuePair<string, string>> pins, string keys)
        => $"{TableMark}\n[plugins]\ndirectories = [\"{directory}\"]\n{keys}\n[plugins.pins]\n"
            + string.Concat(pins.Select(pin => $"\"{pin.Key}\" = \"sha256:{pin.Value}\"\n"));
}
