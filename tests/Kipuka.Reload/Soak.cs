using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Kipuka.Reload;

/// <summary>A hundred reloads of all kinds, while fifty devices enroll without a pause.</summary>
public sealed class Soak(ITestOutputHelper output)
{
    private const int Parallel = 50;
    private const int Reloads = 100;
    private static readonly string[] Upgraded = ["ca-file", "auth-otp", "audit-file", "transport-https"];

    [Fact]
    public async Task A_hundred_reloads_under_load_lose_no_request_no_context_and_no_memory()
    {
        await using var server = await PluginServer.StartAsync(new ServerSetup { More = "[audit.file]\nfile = \"audit.jsonl\"\n" });
        foreach (var plugin in Upgraded)
        {
            server.Pin(plugin, await PluginFiles.HashAsync(PluginFiles.Test($"next/{plugin}")));
        }
        var watch = Stopwatch.StartNew();
        await using var devices = await Devices.StartAsync(server, Parallel);
        await devices.MoreAsync(1000);
        var (memory, times) = (new Dictionary<int, long>(), new List<double>());
        var (first, refused) = (await server.GenerationAsync(), 0);
        while (await server.GenerationAsync() is var generation && generation < first + Reloads)
        {
            var done = generation - first;
            if (done is 10 or 90)
            {
                memory.TryAdd(done, await MemoryAsync(server));
            }
            Assert.Empty(devices.Faults);
            var started = Stopwatch.GetTimestamp();
            refused += await StepAsync(server, done) ? 0 : 1;
            output.WriteLine($"{done} {watch.ElapsedMilliseconds} {Stopwatch.GetElapsedTime(started).TotalMilliseconds} {devices.Done} {await MemoryAsync(server)}");
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await devices.MoreAsync(1);
        }
        memory[Reloads] = await MemoryAsync(server);
        await devices.StopAsync();
        await server.UntilUnloadedAsync();
        times.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Reloads} reloads and {refused} refused ones in {watch.Elapsed.TotalSeconds:0} s: median {times[times.Count / 2]:0} ms, longest {times[^1]:0} ms; "
                + $"{devices.Done} enrollments, {devices.Faults.Count} lost; memory {string.Join(", ", memory.Select(at => $"after {at.Key}: {at.Value >> 10} KiB"))}"));
        Assert.Empty(devices.Faults);
        Assert.InRange(memory[Reloads], 0, memory[10] * 11 / 10);
    }

    // Every tenth reload upgrades each of the four kinds, or takes the upgrade back; the others are edits. Two more are refused.
    private static async Task<bool> StepAsync(PluginServer server, int done)
    {
        var even = done / 10 % 2 == 0;
        switch (done % 10)
        {
            case 1 or 3 or 6 or 8:
                var plugin = Upgraded[Array.IndexOf([1, 3, 6, 8], done % 10)];
                server.Install(plugin, even ? PluginFiles.Test($"next/{plugin}") : PluginFiles.Shipped(plugin));
                await server.ReloadAsync();
                return true;
            default:
                server.Edit(text => $"{text}[[est.label]]\nname = \"label-{done}\"\nca_id = \"default\"\n");
                await server.ReloadAsync();
                return true;
        }
    }

    private static Task<long> MemoryAsync(PluginServer server)
    {
        var line = File.ReadLines($"/proc/{server.Kipuka.ProcessId}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal));
        return Task.FromResult(long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10);
    }
}
