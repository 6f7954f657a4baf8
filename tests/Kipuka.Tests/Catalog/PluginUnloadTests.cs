using System.Runtime.CompilerServices;

namespace Kipuka.Tests.Catalog;

public sealed class PluginUnloadTests : IDisposable
{
    private readonly PluginBench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task The_code_of_a_stopped_plugin_is_unloaded()
    {
        bench.Install("audit-one");
        var code = await StartAndStopAsync();
        for (var i = 0; i < 20 && code.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }
        Assert.False(code.IsAlive);
        Assert.EndsWith("stopped", File.ReadAllLines(bench.Notes)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_code_of_a_running_plugin_stays()
    {
        bench.Install("audit-one");
        await using var generation = await new TestServices().Builder().BuildAsync(bench.LoadWithCa("[one]\nnotes = 'NOTES'"), null, default);
        for (var i = 0; i < 5; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        // Loads a library only now, which a context whose unload had begun would refuse.
        Assert.Equal("greeting one", generation.Find("audit:one")!.Service.ToString());
    }

    // The weak reference is to the plugin's assembly: gone means that the loader has let go, not only that we have.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference> StartAndStopAsync()
    {
        var loaded = bench.LoadWithCa("[one]\nnotes = 'NOTES'\n[ha]\nstrategy = 'first'");
        var generation = await new TestServices().Builder().BuildAsync(loaded, null, default);
        var code = new WeakReference(generation.Find("audit:one")!.Service.GetType().Assembly);
        await generation.DisposeAsync();
        return code;
    }
}
