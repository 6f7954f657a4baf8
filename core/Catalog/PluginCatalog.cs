using Kipuka.Config;

namespace Kipuka.Catalog;

/// <summary>The plugins that were found, by kind and name, together with those that are only known of.</summary>
internal sealed class PluginCatalog
{
    private readonly Dictionary<(string Kind, string Name), (PluginDescription Plugin, PluginFolder Folder)> found = [];
    private readonly Dictionary<PluginFolder, TrustVerdict> verdicts = [];

    /// <param name="folders">The folders, in the order in which they were found.</param>
    /// <param name="trust">Whose code may run.</param>
    /// <param name="known">The book's plugins, in the book's order.</param>
    /// <param name="problems">Receives every plugin that is there twice: which one serves must not depend on an order.</param>
    public PluginCatalog(IReadOnlyList<PluginFolder> folders, PluginTrust trust, IReadOnlyList<KnownPlugin> known, ConfigProblems problems)
    {
        foreach (var folder in folders)
        {
            verdicts[folder] = trust.Of(folder);
        }
        // What may run comes first: a folder that somebody drops in must not displace a plugin by taking its name.
        foreach (var folder in folders.OrderBy(folder => !verdicts[folder].MayRun))
        {
            foreach (var plugin in folder.Describe())
            {
                if (!found.TryAdd((plugin.Kind, plugin.Name), (plugin, folder)) && verdicts[folder].MayRun)
                {
                    problems.Add(new(
                        "duplicate-plugin",
                        folder.Path,
                        0,
                        0,
                        null,
                        $"the plugin {plugin.Kind}:{plugin.Name} is also in {found[(plugin.Kind, plugin.Name)].Folder.Path}; remove one of them"));
                }
            }
        }
        Plugins = [.. found.Values.Select(entry => entry.Plugin)
            .OrderBy(plugin => plugin.Kind, StringComparer.Ordinal).ThenBy(plugin => plugin.Name, StringComparer.Ordinal)];
        Candidates = Gather(known);
    }

    /// <summary>What is installed, by kind and name.</summary>
    public IReadOnlyList<PluginDescription> Plugins { get; }

    /// <summary>What a document may select: the book's plugins in the book's order, then the others by name.</summary>
    public IReadOnlyList<PluginCandidate> Candidates { get; }

    public PluginDescription? Find(string kind, string name) => found.GetValueOrDefault((kind, name)).Plugin;

    /// <summary>Folders whose code may not run, and why.</summary>
    public IEnumerable<(PluginFolder Folder, string Reason)> Refused
        => verdicts.Where(entry => !entry.Value.MayRun).Select(entry => (entry.Key, entry.Value.Detail!));

    /// <summary>The same text for the same folders with the same bytes.</summary>
    public string Fingerprint => string.Join('\n', verdicts.Keys.Select(folder => $"{folder.Path} {folder.Hash} {Convert.ToHexString(folder.Signature.Span)}"));

    /// <summary>The names of all folders, which pins are given by.</summary>
    public IEnumerable<string> FolderNames => verdicts.Keys.Select(folder => Path.GetFileName(folder.Path));

    public TrustVerdict TrustOf(PluginDescription plugin) => verdicts[FolderOf(plugin)];

    public PluginFolder FolderOf(PluginDescription plugin) => found[(plugin.Kind, plugin.Name)].Folder;

    private List<PluginCandidate> Gather(IReadOnlyList<KnownPlugin> known)
    {
        var listed = known.Select(book => Find(book.Kind, book.Name) is { } plugin
            ? PluginCandidate.Of(plugin)
            : new PluginCandidate(book.Kind, book.Name, book.Tables, book.ImpliedBy, null, book)).ToList();
        var others = Plugins.Where(plugin => !known.Any(book => book.Kind == plugin.Kind && book.Name == plugin.Name));
        return [.. listed, .. others.Select(PluginCandidate.Of)];
    }
}
