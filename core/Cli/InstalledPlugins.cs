using Kipuka.Catalog;
using Kipuka.Config;

namespace Kipuka.Cli;

/// <summary>The plugins of this installation, described without running any code of them.</summary>
internal sealed class InstalledPlugins(Surroundings surroundings)
{
    /// <summary>From the folders that the configuration names, when there is one that can be read, else from <c>plugins/</c> beside the executable.</summary>
    /// <param name="given">What <c>--config</c> says.</param>
    /// <param name="problems">Takes what is wrong with folders.</param>
    public IReadOnlyList<PluginDescription> Find(string? given, ConfigProblems problems)
    {
        var directories = Directories(given);
        return [.. PluginFolders.Find(directories ?? [PluginFolders.DefaultDirectory], problems).SelectMany(folder => folder.Describe())
            .OrderBy(plugin => plugin.Kind, StringComparer.Ordinal).ThenBy(plugin => plugin.Name, StringComparer.Ordinal)];
    }

    private IEnumerable<string>? Directories(string? given)
    {
        try
        {
            return FindConfig.Path(given, surroundings.Folder) is { } file
                ? new ConfigTables(surroundings, file).Bind<PluginsConfig>("plugins").Directories?.Select(directory => directory.FullPath)
                : null;
        }
        catch (CliException) when (given is null)
        {
            return null; // a broken kipuka.toml that merely lies around: kipuka check is the command that judges it
        }
    }
}
