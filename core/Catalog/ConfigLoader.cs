using Kipuka.Config;
using Kipuka.Sdk;

namespace Kipuka.Catalog;

/// <summary>
/// The whole of <c>kipuka check</c>: reads the document, binds the core's part, finds and selects plugins, loads those that are selected,
/// binds and checks their settings. Finds all problems at once and starts nothing. One loader serves a server for all its life, since
/// generations share the code that it loads.
/// </summary>
/// <param name="environment">The value of an environment variable; null when it is not set.</param>
/// <param name="pluginDirectory">Where plugins are when the document does not say.</param>
/// <param name="knownFile">The list of the book's plugins.</param>
/// <param name="shipped">The hashes of the plugins that were built with this server, by folder.</param>
internal sealed class ConfigLoader(
    Func<string, string?> environment, string pluginDirectory, string knownFile, IReadOnlyDictionary<string, string> shipped)
{
    private readonly PluginContexts contexts = new();

    /// <summary>The code that is, or was, loaded.</summary>
    public PluginContexts Contexts => contexts;

    /// <summary>For this installation.</summary>
    public ConfigLoader()
        : this(Environment.GetEnvironmentVariable, PluginFolders.DefaultDirectory, KnownPlugins.DefaultFile, ShippedPlugins.Hashes)
    {
    }

    public LoadedConfig Load(string path)
    {
        var problems = new ConfigProblems();
        return ConfigDocument.Load(path, problems) is { } document ? Load(document, problems) : new LoadedConfig(null, [], problems);
    }

    private LoadedConfig Load(ConfigDocument document, ConfigProblems problems)
    {
        var binder = new SettingsBinder(document, problems, environment);
        var core = CoreConfig.Bind(binder);
        var config = Plugins(binder, core);
        List<string> directories = [.. config.Directories?.Select(directory => directory.FullPath) ?? [pluginDirectory]];
        var known = KnownPlugins.Read(knownFile, problems);
        var catalog = new PluginCatalog(PluginFolders.Find(directories, problems), new PluginTrust(config, shipped, problems), known, problems);
        var planner = new InstancePlanner(catalog, binder, contexts);
        var selected = new PluginSelector(catalog, binder).Select(core);
        var plans = selected.Select(planner.Plan).OfType<InstancePlan>().ToList();
        binder.ReportUnknownKeys();
        // What nothing selects harms nobody; the operator is told all the same why it is of no use.
        foreach (var (folder, reason) in catalog.Refused.ExceptBy(selected.Select(selection => catalog.FolderOf(selection.Plugin)), refused => refused.Folder))
        {
            problems.Add(new("plugin-refused", folder.Path, 0, 0, null, reason, IsWarning: true));
        }
        foreach (var name in config.Pins.Keys.Except(catalog.FolderNames))
        {
            problems.Add("no-effect", document, "plugins.pins", $"names {name}, but no plugin directory has such a folder", isWarning: true);
        }
        return new LoadedConfig(core, plans, problems) { Directories = directories, Plugins = catalog.Fingerprint };
    }

    // Also when something else of the core's part is wrong: plugins looked for in the wrong place would all be missing.
    private static PluginsConfig Plugins(SettingsBinder binder, KipukaConfig? core)
        => core?.Plugins ?? (binder.Document.Table("plugins") is { } own ? binder.Bind<PluginsConfig>([own]) : null) ?? new PluginsConfig();
}
