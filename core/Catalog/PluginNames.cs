using Kipuka.Config.Binding;

namespace Kipuka.Catalog;

/// <summary>What to say of a name that no plugin has.</summary>
internal static class PluginNames
{
    public static string Unknown(string kind, string name, PluginCatalog catalog)
    {
        var installed = catalog.Plugins.Where(plugin => plugin.Kind == kind).Select(plugin => plugin.Name).ToList();
        var help = NearestName.Find(name, installed) is { } nearest ? $"did you mean \"{nearest}\"?"
            : installed.Count > 0 ? $"installed are {string.Join(", ", installed)}"
            : $"no plugin of this kind is installed; its folder would be named {kind}-{name}";
        return $"\"{name}\" is no installed plugin of the kind {kind}; {help}";
    }
}
