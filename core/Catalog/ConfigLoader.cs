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
internal sealed class ConfigLoader(Func<string, string?> environment, string pluginDirectory, string knownFile)
{
    private readonly PluginContexts contexts = new();

    /// <summary>For this installation.</summary>
    public ConfigLoader()
        : this(Environment.GetEnvironmentVariable, PluginFolders.DefaultDirectory, KnownPlugins.DefaultFile)
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
        var directories = Directories(binder, core)?.Select(directory => directory.FullPath) ?? [pluginDirectory];
        var known = KnownPlugins.Read(knownFile, problems);
        var catalog = new PluginCatalog(PluginFolders.Find(directories, problems), known, problems);
        var planner = new InstancePlanner(catalog, binder, contexts);
        var plans = new PluginSelector(catalog, binder).Select(core).Select(planner.Plan).OfType<InstancePlan>().ToList();
        binder.ReportUnknownKeys();
        return new LoadedConfig(core, plans, problems);
    }

    // Also when something else of the core's part is wrong: plugins looked for in the wrong place would all be missing.
    private static IReadOnlyList<SettingsPath>? Directories(SettingsBinder binder, KipukaConfig? core)
        => (core?.Plugins ?? (binder.Document.Table("plugins") is { } own ? binder.Bind<PluginsConfig>([own]) : null))?.Directories;
}
