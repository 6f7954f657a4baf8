using Kipuka.Catalog;
using Kipuka.Config;

namespace Kipuka.Cli.Verify;

/// <summary>A plugin folder with the settings that a file has for it: loaded, bound and checked as a server would, and nothing started.</summary>
internal sealed record VerifySetup(PluginFolder? Folder, KipukaConfig? Core, VerifyConfig? Verify, IReadOnlyList<InstancePlan> Plans, ConfigProblems Problems) : IDisposable
{
    /// <summary>The instances of the folder.</summary>
    public IEnumerable<InstancePlan> Own => Plans.Where(plan => plan.Plugin.Folder == Folder?.Path);

    /// <summary>
    /// Every load has code of its own, which <see cref="Dispose"/> lets go of. The folder's keys and <c>[verify]</c> are judged as strictly as a server
    /// does; what else a server would miss is not asked for, and other plugins' tables are left unjudged.
    /// </summary>
    public static VerifySetup Load(string path, string file, Func<string, string?> variable)
    {
        var problems = new ConfigProblems();
        var folder = PluginFolder.Read(path, problems);
        if (folder is null || ConfigDocument.Load(file, problems) is not { } document)
        {
            return new VerifySetup(folder, null, null, [], problems);
        }
        var binder = new SettingsBinder(document, new ConfigProblems(), variable);
        var core = CoreConfig.Bind(binder);
        var (own, others) = Select(binder, core, folder);
        var elsewhere = binder.Problems.All.ToHashSet();
        var verify = document.Table("verify") is { } table ? binder.Bind<VerifyConfig>([table]) : new VerifyConfig();
        var planner = new InstancePlanner(Catalog(folder, []), binder, new PluginContexts());
        var plans = own.Select(planner.Plan).OfType<InstancePlan>().ToList();
        others.SelectMany(selection => selection.Own).ToList().ForEach(binder.ClaimAll);
        binder.ReportUnknownKeys();
        // A problem that the core had found already explains why there is no plan.
        var shown = binder.Problems.All.Where(problem => plans.Count < own.Count || !elsewhere.Contains(problem)).ToList();
        shown.ForEach(problems.Add);
        return new VerifySetup(folder, core, verify, plans, problems);
    }

    public void Dispose()
    {
        Core?.Dispose();
        foreach (var plan in Plans)
        {
            plan.Dispose();
        }
    }

    // A whole kipuka.toml will do. The folder stands in for an older build of the same plugin.
    private static (List<PluginSelection> Own, List<PluginSelection> Others) Select(SettingsBinder binder, KipukaConfig? core, PluginFolder folder)
    {
        var names = folder.Describe().Select(plugin => (plugin.Kind, plugin.Name)).ToHashSet();
        var directories = core?.Plugins.Directories?.Select(directory => directory.FullPath) ?? [PluginFolders.DefaultDirectory];
        var installed = PluginFolders.Find(directories, new ConfigProblems())
            .Where(other => !other.Describe().Any(plugin => names.Contains((plugin.Kind, plugin.Name))));
        var selections = new PluginSelector(Catalog(folder, installed), binder).Select(core).ToLookup(selection => selection.Plugin.Folder == folder.Path);
        return ([.. selections[true]], [.. selections[false]]);
    }

    private static PluginCatalog Catalog(PluginFolder folder, IEnumerable<PluginFolder> others)
    {
        var problems = new ConfigProblems();
        // Whoever verifies a folder is about to decide whether to trust it.
        var trust = new PluginTrust(new PluginsConfig { Unpinned = true }, ShippedPlugins.Hashes, problems);
        return new PluginCatalog([folder, .. others], trust, KnownPlugins.Read(KnownPlugins.DefaultFile, problems), problems);
    }
}
