namespace Kipuka.Reload;

/// <summary>Plugin folders as they were built, and what operators do with them.</summary>
public static class PluginFiles
{
    /// <summary>A plugin of tests/plugins; <c>next/ca-file</c> is the next version of a shipped one.</summary>
    public static string Test(string plugin) => Path.Combine(Repository.Build, "test-plugins", plugin);

    public static string Shipped(string plugin) => Path.Combine(Repository.Build, "plugins", plugin);

    public static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>As an operator finds it out: <c>kipuka plugin hash</c>.</summary>
    public static async Task<string> HashAsync(string folder)
    {
        var result = await Tool.RunAsync(Repository.Executable, ["plugin", "hash", folder]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result.Output.Split(' ')[0];
    }
}
