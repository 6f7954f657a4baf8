namespace Kipuka.Catalog;

/// <summary>
/// Gives the same folder with the same bytes the same context for as long as somebody uses it. A reload that changes one instance must not
/// load the code of all others once more. It does not keep a context alive.
/// </summary>
internal sealed class PluginContexts
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LastPause = TimeSpan.FromSeconds(4);

    private readonly Lock changing = new();
    private readonly Dictionary<string, WeakReference<PluginContext>> byCode = [];
    private readonly List<(string Name, WeakReference<PluginContext> Context)> all = [];

    /// <summary>The code of the folder, held once more; the caller releases it.</summary>
    public PluginContext Hold(PluginFolder folder, string assemblyFile)
    {
        var key = $"{folder.Hash} {folder.Path}/{assemblyFile}";
        lock (changing)
        {
            foreach (var gone in byCode.Where(entry => !entry.Value.TryGetTarget(out _)).Select(entry => entry.Key).ToList())
            {
                byCode.Remove(gone);
            }
            if (byCode.GetValueOrDefault(key)?.TryGetTarget(out var context) is true && context.TryHold())
            {
                return context;
            }
            var loaded = new PluginContext(folder, assemblyFile);
            loaded.TryHold();
            var weak = new WeakReference<PluginContext>(loaded);
            byCode[key] = weak;
            all.RemoveAll(entry => !entry.Context.TryGetTarget(out _));
            all.Add((loaded.Name!, weak));
            return loaded;
        }
    }

    /// <summary>Contexts that nobody holds any more and that are still in memory: their own code keeps them there.</summary>
    public IReadOnlyList<string> Leaked()
    {
        lock (changing)
        {
            return [.. all.Where(entry => entry.Context.TryGetTarget(out var context) && context.IsReleased).Select(entry => entry.Name)];
        }
    }

    /// <summary>Gives the memory of released contexts back, as far as their code lets go of it.</summary>
    /// <remarks>
    /// A context goes in steps: its finalizer starts the unload, and only a later collection can take what it held. A request that has just ended may
    /// hold it a little longer.
    /// </remarks>
    public async Task<IReadOnlyList<string>> CollectAsync(TimeProvider clock, CancellationToken cancel)
    {
        for (var pause = FirstPause; Leaked().Count > 0 && pause < LastPause && !cancel.IsCancellationRequested; pause *= 2)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(pause, clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return Leaked();
    }
}
