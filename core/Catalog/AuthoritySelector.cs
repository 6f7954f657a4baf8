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
                ReportMissing(candidate.Known!, authority, path);
                continue;
            }
            // An id that is missing or not the only one has been reported by the core; the CA takes part to have its other keys judged.
            var id = bound?.Id ?? Text(authority.Table, "id") ?? $"#{index + 1}";
            selections.Add(new PluginSelection($"{PluginKinds.Authority}:{id}", plugin, Own(authority, candidate), authority.Path));
        }
        foreach (var unused in candidates.Except(used))
        {
            LeaveDefaults(unused);
        }
        return selections;
    }

    // The core has claimed its own keys of the table; of the rest, the plugin's are unjudged and the others unknown.
    private void ReportMissing(KnownPlugin known, OwnTable authority, string path)
    {
        missing.Report(known, path);
        foreach (var key in known.Keys)
        {
            binder.Claim(authority, key);
        }
        if (binder.Document.Table(ConfigPath.Combine(authority.Path, known.Name)) is { } own)
        {
            binder.ClaimAll(own);
        }
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

    private static string? Text(TomlTable table, string key) => (table.Find(key) as TomlString)?.Value;
}
