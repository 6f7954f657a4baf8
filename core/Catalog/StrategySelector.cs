using Kipuka.Config;
using Kipuka.Config.Checks;
using Kipuka.Config.Toml;

namespace Kipuka.Catalog;

/// <summary>Selects one instance for each strategy that a group uses (ruling 21); groups share it, as strategies keep no state.</summary>
internal sealed class StrategySelector(PluginCatalog catalog, SettingsBinder binder, MissingPlugins missing)
{
    public IReadOnlyList<PluginSelection> Select(KipukaConfig? core)
    {
        if (binder.Document.Table("ha") is not { } ha || ha.Table.Find("enabled") is TomlBoolean { Value: false })
        {
            return [];
        }
        List<PluginSelection> selections = [];
        foreach (var (name, path) in Names(ha, core?.Ha).DistinctBy(use => use.Name))
        {
            var candidate = catalog.Candidates.FirstOrDefault(candidate => candidate.Kind == PluginKinds.Strategy && candidate.Name == name);
            if (candidate?.Plugin is { } plugin)
            {
                selections.Add(new PluginSelection($"{PluginKinds.Strategy}:{name}", plugin, [Own(name, ha)], path));
            }
            else if (candidate is not null)
            {
                missing.Report(candidate.Known!, path);
            }
            else if (!IsReported(path))
            {
                binder.Problems.Add("bad-value", binder.Document, path, PluginNames.Unknown(PluginKinds.Strategy, name, catalog));
            }
        }
        return selections;
    }

    // The default counts only where somebody inherits it.
    private IEnumerable<(string Name, string Path)> Names(OwnTable ha, HaConfig? bound)
    {
        var groups = binder.Document.Tables("ha.group")
            .Select((group, index) => Of(group, bound?.Groups.ElementAtOrDefault(index)?.Strategy)).ToList();
        var common = Of(ha, bound?.Strategy) ?? (new HaConfig().Strategy, ha.Path);
        return groups.Count == 0 ? [common] : groups.Select(own => own ?? common);
    }

    private static (string Name, string Path)? Of(OwnTable table, string? bound)
    {
        foreach (var key in (string[])["strategy", "load_balancing"])
        {
            if (table.Table.Find(key) is TomlString strategy)
            {
                return (bound ?? HaChecks.Canonical(strategy.Value), ConfigPath.Combine(table.Path, key));
            }
        }
        return null;
    }

    // The core knows names that are certainly none.
    private bool IsReported(string path)
    {
        var written = binder.Document.Locate(path).Path;
        return binder.Problems.All.Any(problem => problem.Key == written && !problem.IsWarning);
    }

    private OwnTable Own(string name, OwnTable ha)
    {
        var path = ConfigPath.Combine(ha.Path, name);
        return binder.Document.Table(path) ?? new OwnTable(new TomlTable(ha.Table.Position), path);
    }
}
