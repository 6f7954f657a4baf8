namespace Kipuka.Catalog;

/// <summary>
/// Gives the same folder with the same bytes the same context for as long as somebody uses it. A reload that changes one instance must not
/// load the code of all others once more.
/// </summary>
internal sealed class PluginContexts
{
    private readonly Lock changing = new();
    private readonly Dictionary<string, WeakReference<PluginContext>> byCode = [];

    public PluginContext For(PluginFolder folder, string assemblyFile)
    {
        var key = $"{folder.Hash} {folder.Path}/{assemblyFile}";
        lock (changing)
        {
            foreach (var gone in byCode.Where(entry => !entry.Value.TryGetTarget(out _)).Select(entry => entry.Key).ToList())
            {
                byCode.Remove(gone);
            }
            if (byCode.GetValueOrDefault(key)?.TryGetTarget(out var context) is true)
            {
                return context;
            }
            var loaded = new PluginContext(folder, assemblyFile);
            byCode[key] = new WeakReference<PluginContext>(loaded);
            return loaded;
        }
    }
}
