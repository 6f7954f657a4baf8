using Kipuka.Config;
using Kipuka.Config.Toml;

namespace Kipuka.Catalog;

/// <summary>
/// What a document selects although it is not installed. One problem a plugin, where it is first asked for: it is mended once. The
/// plugin's keys stay unjudged, since only the plugin could judge them.
/// </summary>
internal sealed class MissingPlugins(SettingsBinder binder)
{
    private readonly HashSet<KnownPlugin> reported = [];

    /// <param name="plugin">The plugin of the book.</param>
    /// <param name="path">What selects it.</param>
    public void Report(KnownPlugin plugin, string path)
    {
        if (reported.Add(plugin))
        {
            binder.Problems.Add(
                "missing-plugin",
                binder.Document,
                path,
                $"needs the plugin {plugin.Kind}:{plugin.Name}, which is not installed; put its folder {plugin.Folder} into a plugin directory, "
                    + "or remove what asks for it");
        }
        foreach (var own in plugin.Tables.Append($"{plugin.Kind}.{plugin.Name}").Concat(plugin.Keys.Where(key => key.Contains('.'))))
        {
            Claim(own);
        }
    }

    private void Claim(string path)
    {
        switch (binder.Document.Value(path))
        {
            case TomlTable table:
                binder.ClaimAll(new OwnTable(table, path));
                break;
            case not null when Parent(path) is var (parent, key):
                binder.Claim(parent, key);
                break;
            default:
                break;
        }
    }

    private (OwnTable Parent, string Key)? Parent(string path)
    {
        var (parent, key) = ConfigPath.SplitLast(path);
        return (parent.Length == 0 ? new OwnTable(binder.Document.Root, "") : binder.Document.Table(parent)) is { } table ? (table, key) : null;
    }
}
