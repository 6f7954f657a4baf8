using Kipuka.Config;
using Kipuka.Config.Toml;

namespace Kipuka.Catalog;

/// <summary>
/// The book's plugins, as data: what a document may name although its folder is not there, and the order in which authenticators are
/// asked where a label does not say.
/// </summary>
internal static class KnownPlugins
{
    /// <summary>Beside the shipped plugins.</summary>
    public static string DefaultFile => Path.Combine(AppContext.BaseDirectory, "plugins", "known.toml");

    /// <summary>Reads the list. Without it nothing is loaded: the order of authenticators would be another one.</summary>
    public static IReadOnlyList<KnownPlugin> Read(string file, ConfigProblems problems)
    {
        if (!File.Exists(file))
        {
            problems.Add(new("missing-file", file, 0, 0, null, "is a part of this installation and is not there; install Kipuka anew"));
            return [];
        }
        return ConfigDocument.Load(file, problems) is { } document ? [.. document.Tables("plugin").Select(plugin => Read(plugin.Table))] : [];
    }

    private static KnownPlugin Read(TomlTable plugin)
    {
        var (kind, name) = (Text(plugin, "kind") ?? "", Text(plugin, "name") ?? "");
        return new KnownPlugin(
            kind, name, Text(plugin, "folder") ?? $"{kind}-{name}", Texts(plugin, "tables"), Texts(plugin, "keys"), Texts(plugin, "implied_by"));
    }

    private static string? Text(TomlTable table, string key) => (table.Find(key) as TomlString)?.Value;

    private static IReadOnlyList<string> Texts(TomlTable table, string key)
        => table.Find(key) is TomlArray array ? [.. array.Items.OfType<TomlString>().Select(item => item.Value)] : [];
}
