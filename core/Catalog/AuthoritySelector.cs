using Kipuka.Config;
using Kipuka.Config.Toml;

namespace Kipuka.Catalog;

/// <summary>Selects one instance for each <c>[[ca]]</c>: by its type, by a key that implies one, or else the type that ruling 13 defaults to.</summary>
internal sealed class AuthoritySelector(PluginCatalog catalog, SettingsBinder binder, MissingPlugins missing)
{
    private const string DefaultType = "file";

    private readonly List<PluginCandidate> candidates = [.. catalog.Candidates.Where(candidate => candidate.Kind == PluginKinds.Authority)];

    public IReadOnlyList<PluginSelection> Select(KipukaConfig? core)
    {
        List<PluginSelection> selections = [];
        HashSet<PluginCandidate> used = [];
        foreach (var (index, authority) in binder.Document.Tables("ca").Index())
        {
            var bound = core?.Authorities.ElementAtOrDefault(index);
            var (name, path) = TypeOf(authority, bound);
            if (candidates.FirstOrDefault(candidate => candidate.Name == name) is not { } candidate)
            {
                binder.ClaimAll(authority);
                binder.Problems.Add("bad-value", binder.Document, path, PluginNames.Unknown(PluginKinds.Authority, name, catalog));
                continue;
            }
            used.Add(candidate);
            if (candidate.Plugin is not { } plugin)
            {
                missing.Report(candidate.Known!, path);
                binder.ClaimAll(authority);
                continue;
            }
            // A CA without an id has been reported by the core, and takes part only to have its other keys judged.
            var id = bound?.Id ?? Text(authority.Table, "id") ?? $"#{index + 1}";
            selections.Add(new PluginSelection($"{PluginKinds.Authority}:{id}", plugin, Own(authority, candidate), authority.Path));
        }
        foreach (var unused in candidates.Except(used))
        {
            LeaveDefaults(unused);
        }
        return ReportTwins(selections);
    }

    private (string Name, string Path) TypeOf(OwnTable authority, CaConfig? bound)
    {
        foreach (var key in (string[])["type", "backend"])
        {
            if (Text(authority.Table, key) is { } type)
            {
                return (bound?.Type ?? type, ConfigPath.Combine(authority.Path, key));
            }
        }
        var implied = candidates.FirstOrDefault(candidate => candidate.IsImpliedBy(authority.Table));
        return (implied?.Name ?? DefaultType, authority.Path);
    }

    // The CA's table and its sub-table, then the tables that give defaults to all CAs of the plugin.
    private List<OwnTable> Own(OwnTable authority, PluginCandidate candidate) =>
    [
        authority,
        .. ((IEnumerable<OwnTable?>)[binder.Document.Table(ConfigPath.Combine(authority.Path, candidate.Name)),
            .. candidate.Tables.Select(binder.Document.Table)]).OfType<OwnTable>(),
    ];

    // Defaults for CAs that the document does not have (any more) do no harm, and nobody is there to judge them.
    private void LeaveDefaults(PluginCandidate unused)
    {
        foreach (var table in unused.Tables.Select(binder.Document.Table).OfType<OwnTable>())
        {
            if (unused.Known is { } known)
            {
                missing.Report(known, table.Path);
            }
            binder.ClaimAll(table);
        }
    }

    private List<PluginSelection> ReportTwins(List<PluginSelection> selections)
    {
        foreach (var twin in selections.GroupBy(selection => selection.Id).SelectMany(group => group.Skip(1)))
        {
            binder.Problems.Add(
                "duplicate-id", binder.Document, ConfigPath.Combine(twin.Place, "id"), "names another [[ca]], too; give each CA an id of its own");
        }
        return selections;
    }

    private static string? Text(TomlTable table, string key) => (table.Find(key) as TomlString)?.Value;
}
