using Kipuka.Catalog;
using Kipuka.Config;

namespace Kipuka.Cli;

/// <summary>The plugins of this installation, described without running any code of them.</summary>
internal sealed class InstalledPlugins(Surroundings surroundings)
{
    /// <summary>From the folders that the configuration names, when there is one that can be read, else from <c>plugins/</c> beside the executable.</summary>
    /// <param name="given">What <c>--config</c> says.</param>
    /// <param name="problems">Takes what is wrong with folders.</param>
    public IReadOnlyList<PluginDescription> Find(string? given, ConfigProblems problems) => [.. Judge(given, problems).Select(plugin => plugin.Plugin)];

    /// <summary>The same, and whether each may run.</summary>
    public IReadOnlyList<(PluginDescription Plugin, TrustVerdict Trust)> Judge(string? given, ConfigProblems problems)
    {
        var config = Config(given);
        var trust = new PluginTrust(config, ShippedPlugins.Hashes, problems);
        var directories = config.Directories?.Select(directory => directory.FullPath) ?? [PluginFolders.DefaultDirectory];
        return [.. PluginFolders.Find(directories, problems)
            .SelectMany(folder => folder.Describe(), (folder, plugin) => (Plugin: plugin, Trust: trust.Of(folder)))
            .OrderBy(entry => entry.Plugin.Kind, StringComparer.Ordinal).ThenBy(entry => entry.Plugin.Name, StringComparer.Ordinal)];
    }

    private PluginsConfig Config(string? given)
    {
        try
        {
            return FindConfig.Path(given, surroundings.Folder) is { } file
                ? new ConfigTables(surroundings, file).Bind<PluginsConfig>("plugins")
                : new PluginsConfig();
        }
        catch (CliException) when (given is null)
        {
            return new PluginsConfig(); // a broken kipuka.toml that merely lies around: kipuka check is the command that judges it
        }
    }
}
