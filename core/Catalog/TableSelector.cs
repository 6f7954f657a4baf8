using Kipuka.Config;
using Kipuka.Config.Binding;
using Kipuka.Config.Toml;

namespace Kipuka.Catalog;

/// <summary>Selects authenticators, transports and audit sinks: by the table or the single key that each declares, or by <c>[kind.name]</c>.</summary>
internal sealed class TableSelector(PluginCatalog catalog, SettingsBinder binder, MissingPlugins missing)
{
    private const string Switch = "enabled";

    /// <summary>One instance for each plugin of the kind that the document has a table or key of.</summary>
    public IReadOnlyList<PluginSelection> Select(string kind)
    {
        var candidates = catalog.Candidates.Where(candidate => candidate.Kind == kind).ToList();
        ReportUnknownNames(kind, candidates);
        List<PluginSelection> selections = [];
        foreach (var candidate in candidates)
        {
            if (candidate.Signs.FirstOrDefault(path => binder.Document.Value(path) is not null) is not { } path)
            {
                Know(candidate);
            }
            else if (candidate.Plugin is not { } plugin)
            {
                missing.Report(candidate.Known!, path);
            }
            else if (Owner(path) is { } own && IsOn(own, isWhole: own.Path == path))
            {
                selections.Add(new PluginSelection($"{kind}:{candidate.Name}", plugin, [own], path));
            }
        }
        return selections;
    }

    // A table is the plugin's own; a single key belongs to a table that others have keys in, too.
    private OwnTable? Owner(string path)
    {
        if (binder.Document.Table(path) is { } own)
        {
            return own;
        }
        var parent = ConfigPath.SplitLast(path).Table;
        return parent.Length == 0 ? new OwnTable(binder.Document.Root, "") : binder.Document.Table(parent);
    }

    // Every table of a plugin can be switched off without being taken out; what is off is not judged.
    private bool IsOn(OwnTable own, bool isWhole)
    {
        if (!isWhole || own.Table.Find(Switch) is not TomlBoolean on)
        {
            return true;
        }
        binder.Claim(own, Switch);
        if (!on.Value)
        {
            binder.ClaimAll(own);
        }
        return on.Value;
    }

    private void Know(PluginCandidate candidate)
    {
        if (candidate.Plugin is not null)
        {
            foreach (var path in candidate.Paths)
            {
                binder.Know(path);
            }
        }
    }

    private void ReportUnknownNames(string kind, IReadOnlyList<PluginCandidate> candidates)
    {
        foreach (var entry in binder.Document.Table(kind)?.Table.Entries.ToList() ?? [])
        {
            var path = ConfigPath.Combine(kind, entry.Key);
            if (entry.Value is not TomlTable table || candidates.Any(candidate => candidate.Paths.Contains(path)))
            {
                continue;
            }
            binder.ClaimAll(new OwnTable(table, path));
            binder.Problems.Add("unknown-key", binder.Document, path, PluginNames.Unknown(kind, entry.Key, catalog));
        }
    }
}
