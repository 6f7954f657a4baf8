namespace Kipuka.Catalog;

/// <summary>
/// Gives the same folder with the same bytes the same context for as long as somebody uses it. A reload that changes one instance must not
/// load the code of all others once more. It does not keep a context alive.
/// </summary>
internal sealed class PluginContexts
{
    private readonly Lock changing = new();
    private readonly Dictionary<string, WeakReference<PluginContext>> byCode = [];

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
            byCode[key] = new WeakReference<PluginContext>(loaded);
            return loaded;
        }
    }
}
