using Kipuka.Config;
using Kipuka.Config.Toml;

namespace Kipuka.Catalog;

/// <summary>A plugin that a document may select. Exactly one of <paramref name="Plugin"/> and <paramref name="Known"/> is there.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Tables">Tables or single keys that select it.</param>
/// <param name="ImpliedBy">Keys of a <c>[[ca]]</c> that select it.</param>
/// <param name="Plugin">The installed plugin.</param>
/// <param name="Known">The book's plugin, when it is not installed.</param>
internal sealed record PluginCandidate(
    string Kind,
    string Name,
    IReadOnlyList<string> Tables,
    IReadOnlyList<string> ImpliedBy,
    PluginDescription? Plugin,
    KnownPlugin? Known)
{
    public static PluginCandidate Of(PluginDescription plugin)
        => new(plugin.Kind, plugin.Name, plugin.Tables, plugin.ImpliedBy, plugin, null);

    /// <summary>The paths that select it, first choice first; a CA's tables only give defaults, and a strategy's are its settings.</summary>
    public IEnumerable<string> Paths => Tables.Append($"{Kind}.{Name}").Distinct();

    /// <summary>What shows that a document wants it: of a plugin that is not installed also its keys in tables of others (ruling 23).</summary>
    public IEnumerable<string> Signs => Paths.Concat(Known?.Keys.Where(key => key.Contains('.')) ?? []);

    /// <summary>Whether a <c>[[ca]]</c> without a type has a key that implies this plugin: <c>key</c>, or <c>key=prefix*</c>.</summary>
    public bool IsImpliedBy(TomlTable authority) => ImpliedBy.Any(rule =>
    {
        var parts = rule.Split('=', 2);
        return authority.TryGet(parts[0], out var value)
            && (parts.Length == 1 || (value is TomlString text && Matches(text.Value, parts[1])));
    });

    private static bool Matches(string value, string pattern)
        => pattern.EndsWith('*') ? value.StartsWith(pattern[..^1], StringComparison.Ordinal) : value == pattern;
}
