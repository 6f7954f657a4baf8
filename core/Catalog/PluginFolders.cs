using Kipuka.Config;

namespace Kipuka.Catalog;

/// <summary>Finds plugin folders: every folder with an assembly in it, right below a plugin directory.</summary>
internal static class PluginFolders
{
    /// <summary>Where plugins are when <c>[plugins] directories</c> says nothing: <c>plugins/</c> beside the executable.</summary>
    public static string DefaultDirectory => Path.Combine(AppContext.BaseDirectory, "plugins");

    /// <summary>Reads all plugin folders, in the order of the directories and then of their names. What is refused is a problem.</summary>
    public static IReadOnlyList<PluginFolder> Find(IEnumerable<string> directories, ConfigProblems problems)
    {
        List<PluginFolder> folders = [];
        foreach (var directory in directories.Select(Path.GetFullPath).Distinct())
        {
            try
            {
                folders.AddRange(FindIn(directory, problems));
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                problems.Add(new("bad-plugin-directory", directory, 0, 0, null, $"cannot be searched for plugins: {fault.Message}"));
            }
        }
        return folders;
    }

    private static IEnumerable<PluginFolder> FindIn(string directory, ConfigProblems problems)
    {
        if (!Directory.Exists(directory))
        {
            // A server without any plugin folder is told so by what it misses; a directory that somebody named must exist.
            if (directory != Path.GetFullPath(DefaultDirectory))
            {
                problems.Add(new("bad-plugin-directory", directory, 0, 0, null, "does not exist; make it, or mend [plugins] directories"));
            }
            yield break;
        }
        if (FolderPermissions.Refuse(directory) is { } reason)
        {
            problems.Add(new("plugin-refused", directory, 0, 0, null, reason));
            yield break;
        }
        foreach (var path in Directory.GetDirectories(directory).Order(StringComparer.Ordinal))
        {
            if (PluginFolder.Read(path, problems) is { } folder)
            {
                yield return folder;
            }
        }
    }
}
