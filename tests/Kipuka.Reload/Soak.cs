using System.Diagnostics;
using System.Globalization;
using System.Net;
using Xunit.Abstractions;

namespace Kipuka.Reload;

/// <summary>A hundred reloads of all kinds, while fifty devices enroll without a pause.</summary>
public sealed class Soak(ITestOutputHelper output)
{
    private const int Parallel = 50;
    private const int Reloads = 100;
    private const string LabelMark = "# The label that is edited.";

    // The collector takes more memory as long as there is some, the compiler improves code for minutes, and each thread's allocator keeps a heap. With these what grows is what is kept.
    private static readonly Dictionary<string, string?> Steady = new() { ["DOTNET_GCgen0size"] = "1000000", ["DOTNET_TieredCompilation"] = "0", ["MALLOC_ARENA_MAX"] = "2" };

    private static readonly string[] Upgraded = ["ca-file", "auth-otp", "audit-file", "transport-https"];

    [Fact]
    public async Task A_hundred_reloads_under_load_lose_no_request_no_context_and_no_memory()
    {
        await using var server = await PluginServer.StartAsync(new ServerSetup
        {
            More = $"[audit.file]\nfile = \"audit.jsonl\"\n{Label(0)}",
            Environment = Steady,
        });
        foreach (var plugin in Upgraded)
        {
            server.Pin(plugin, await PluginFiles.HashAsync(PluginFiles.Test($"next/{plugin}")));
        }
        var watch = Stopwatch.StartNew();
        await using var devices = await Devices.StartAsync(server, Parallel);
        await devices.MoreAsync(12_000);
        var (memory, good, bad) = (new List<long>(), new List<double>(), new List<double>());
        var first = await server.GenerationAsync();
        for (var done = 0; done < Reloads; done = await server.GenerationAsync() - first)
        {
            if (done % 10 == 5)
            {
                bad.Add(await TimeAsync(() => RefuseAsync(server)));
            }
            good.Add(await TimeAsync(() => ReloadAsync(server, done)));
            await devices.MoreAsync(1);
            memory.Add(Memory(server));
            Assert.Empty(devices.Faults);
        }
        var elapsed = watch.Elapsed.TotalSeconds;
        await devices.StopAsync();
        await server.UntilUnloadedAsync();
        good.Sort();
        var (after10, after100) = (Median(memory[9..19]), Median(memory[^10..]));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Reloads} reloads and {bad.Count} refused ones in {elapsed:0} s: median {good[good.Count / 2]:0} ms, longest {good[^1]:0} ms; {devices.Done} enrollments, "
                + $"{devices.Done / elapsed:0} each second, {devices.Faults.Count} lost; memory after 10: {after10 >> 20} MiB, after 100: {after100 >> 20} MiB"));
        Assert.Empty(devices.Faults);
        Assert.InRange(after100, 0, after10 * 11 / 10);
    }

    // Of every ten one upgrades each of the four kinds, or takes the upgrade back; the others are edits.
    private static async Task ReloadAsync(PluginServer server, int done)
    {
        var upgraded = Array.IndexOf([1, 3, 6, 8], done % 10);
        if (upgraded >= 0)
        {
            var plugin = Upgraded[upgraded];
            server.Install(plugin, done / 10 % 2 == 0 ? PluginFiles.Test($"next/{plugin}") : PluginFiles.Shipped(plugin));
        }
        else
        {
            server.Edit(text => text[..text.IndexOf(LabelMark, StringComparison.Ordinal)] + Label(done));
        }
        await server.ReloadAsync();
    }

    private static string Label(int done) => $"{LabelMark}\n[[est.label]]\nname = \"label-{done}\"\nca_id = \"default\"\n";

    // A label without a CA, and a plugin that nobody vouches for.
    private static async Task RefuseAsync(PluginServer server)
    {
        server.Edit(text => $"{text}[[est.label]]\nname = \"nowhere\"\nca_id = \"nobody\"\n");
        var stray = Path.Combine(server["auth-mtls"], "stray.txt");
        await File.WriteAllTextAsync(stray, "nobody vouches for this");
        var (status, _, text) = await server.Kipuka.AdminAsync(HttpMethod.Post, "reload");
        Assert.True(status == HttpStatusCode.Conflict && text.Contains("names no [[ca]]", StringComparison.Ordinal) && text.Contains("auth-mtls", StringComparison.Ordinal), text);
        File.Delete(stray);
        server.Edit(text => text.Replace("[[est.label]]\nname = \"nowhere\"\nca_id = \"nobody\"\n", "", StringComparison.Ordinal));
    }

    private static async Task<double> TimeAsync(Func<Task> step)
    {
        var started = Stopwatch.GetTimestamp();
        await step();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    // What a collection has just given back, or is about to, is not what is kept: ten looks tell more than one.
    private static long Median(List<long> looks) => looks.Order().ElementAt(looks.Count / 2);

    private static long Memory(PluginServer server)
    {
        var line = File.ReadLines($"/proc/{server.Kipuka.ProcessId}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}
