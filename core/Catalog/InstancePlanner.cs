using System.Reflection;
using Kipuka.Config;
using Kipuka.Sdk;

namespace Kipuka.Catalog;

/// <summary>Turns a selection into a plan: loads the code, binds the settings, lets the plugin check them. Every fault of it is a problem.</summary>
internal sealed class InstancePlanner(PluginCatalog catalog, SettingsBinder binder, PluginContexts contexts)
{
    /// <returns>Null when something is wrong, which has been reported.</returns>
    public InstancePlan? Plan(PluginSelection selection)
    {
        if (Load(selection) is not var (code, context))
        {
            // Only the plugin could have judged its keys.
            foreach (var table in selection.Own)
            {
                binder.ClaimAll(table);
            }
            return null;
        }
        if (binder.Bind(code.SettingsType, selection.Own) is not { } settings)
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
        return new InstancePlan(selection.Id, selection.Plugin, code, settings, context, place);
    }

    private (Plugin Code, PluginContext Context)? Load(PluginSelection selection)
    {
        var plugin = selection.Plugin;
        try
        {
            var context = contexts.For(catalog.FolderOf(plugin), plugin.AssemblyFile);
            if (Activator.CreateInstance(context.Find(plugin.TypeName)) is not Plugin code)
            {
                Refuse(selection, $"{plugin.TypeName} does not derive from Plugin<TService, TSettings>");
                return null;
            }
            if (code.ServiceType != PluginKinds.Contracts[plugin.Kind])
            {
                Refuse(selection, $"{plugin.TypeName} makes {code.ServiceType.Name}, and the kind {plugin.Kind} is {PluginKinds.Contracts[plugin.Kind].Name}");
                return null;
            }
            return (code, context);
        }
        catch (Exception fault)
        {
            // The wrapper of reflection says nothing; what the constructor threw does.
            var cause = fault is TargetInvocationException { InnerException: { } inner } ? inner : fault;
            Refuse(selection, $"the code in {plugin.Folder}/{plugin.AssemblyFile} cannot be loaded: {cause.Message}");
            return null;
        }
    }

    private bool Check(PluginSelection selection, Plugin code, BoundSettings settings)
    {
        try
        {
            var problems = code.CheckSettings(settings.Value).ToList();
            foreach (var problem in problems)
            {
                Refuse(selection, problem.Message, "bad-value", Locate(selection, problem.Key));
            }
            return problems.Count == 0;
        }
        catch (Exception fault)
        {
            Refuse(selection, $"the plugin's check of its settings failed, which is a fault of the plugin: {fault.GetType().Name}: {fault.Message}");
            return false;
        }
    }

    // The table that has the key, in the order in which settings are looked for.
    private static string Locate(PluginSelection selection, string? key)
        => key is null ? selection.Place
            : $"{(selection.Own.FirstOrDefault(own => own.Table.Find(ConfigPath.Steps(key).First().Key) is not null) ?? selection.Own[0]).Path}.{key}"
                .TrimStart('.');

    private void Refuse(PluginSelection selection, string message, string code = "bad-plugin", string? path = null)
        => binder.Problems.Add(code, binder.Document, path ?? selection.Place, $"{selection.Id} ({selection.Plugin.Name}): {message}");
}
