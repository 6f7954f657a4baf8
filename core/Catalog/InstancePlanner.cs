using Kipuka.Config;
using Kipuka.Sdk;

namespace Kipuka.Catalog;

/// <summary>Turns a selection into a plan: loads the code, binds the settings, lets the plugin check them. Every fault of it is a problem.</summary>
internal sealed class InstancePlanner(PluginCatalog catalog, SettingsBinder binder, PluginContexts contexts)
{
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(10);

    /// <returns>Null when something is wrong, which has been reported.</returns>
    public InstancePlan? Plan(PluginSelection selection)
    {
        if (catalog.TrustOf(selection.Plugin) is { MayRun: false, Detail: var reason })
        {
            RefuseCode(selection, reason!, "plugin-refused");
            return null;
        }
        PluginContext? context = null;
        InstancePlan? plan = null;
        try
        {
            context = contexts.Hold(catalog.FolderOf(selection.Plugin), selection.Plugin.AssemblyFile);
            plan = Plan(selection, context);
        }
        catch (Exception fault)
        {
            // The wrappers of reflection and of initializers say nothing; what the plugin's code threw does.
            var file = $"{selection.Plugin.Folder}/{selection.Plugin.AssemblyFile}";
            RefuseCode(selection, $"the code in {file} cannot be used: {fault.GetBaseException().Message}");
        }
        if (plan is null)
        {
            context?.Release();
        }
        return plan;
    }

    private InstancePlan? Plan(PluginSelection selection, PluginContext context)
    {
        if (Make(selection, context) is not { } code || binder.Bind(code.SettingsType, selection.Own) is not { } settings)
        {
            return null;
        }
        if (!Check(selection, code, settings))
        {
            settings.Dispose();
            return null;
        }
        var (position, written) = binder.Document.Locate(selection.Place);
        var place = new ConfigProblem("", binder.Document.File, position.Line, position.Column, written, "");
        return new InstancePlan(selection.Id, selection.Plugin, code, settings, context, place) { Trust = catalog.TrustOf(selection.Plugin) };
    }

    private Plugin? Make(PluginSelection selection, PluginContext context)
    {
        var plugin = selection.Plugin;
        var contract = PluginKinds.Contracts[plugin.Kind];
        var code = Limited.Run(() => Activator.CreateInstance(context.Find(plugin.TypeName)), CheckLimit) as Plugin;
        if (code?.ServiceType == contract)
        {
            return code;
        }
        RefuseCode(selection, code is null
            ? $"{plugin.TypeName} does not derive from Plugin<TService, TSettings>"
            : $"{plugin.TypeName} makes {code.ServiceType.Name}, and the kind {plugin.Kind} stands for {contract.Name}");
        return null;
    }

    private bool Check(PluginSelection selection, Plugin code, BoundSettings settings)
    {
        try
        {
            var problems = Limited.Run(() => code.CheckSettings(settings.Value).ToList(), CheckLimit);
            foreach (var problem in problems)
            {
                Refuse(selection, problem.Message, "bad-value", Locate(selection, problem.Key), problem.IsWarning);
            }
            return problems.TrueForAll(problem => problem.IsWarning);
        }
        catch (Exception fault)
        {
            Refuse(selection, $"the plugin's check of its settings failed, which is a fault of the plugin: {fault.GetType().Name}: {fault.Message}");
            return false;
        }
    }

    // The table that has the key, in the order in which settings are looked for; otherwise a key with a dot is a path from the root.
    private static string Locate(PluginSelection selection, string? key)
        => key is null ? selection.Place
            : selection.Own.FirstOrDefault(own => own.Table.Find(ConfigPath.Steps(key).First().Key) is not null) is { } own
                ? $"{own.Path}.{key}".TrimStart('.')
            : key.Contains('.', StringComparison.Ordinal) ? key
            : ConfigPath.Combine(selection.Own[0].Path, key);

    // Only the plugin could have judged its keys.
    private void RefuseCode(PluginSelection selection, string message, string code = "bad-plugin")
    {
        selection.Own.ToList().ForEach(binder.ClaimAll);
        Refuse(selection, message, code);
    }

    private void Refuse(PluginSelection selection, string message, string code = "bad-plugin", string? path = null, bool isWarning = false)
        => binder.Problems.Add(code, binder.Document, path ?? selection.Place, $"{selection.Id} ({selection.Plugin.Name}): {message}", isWarning);
}
