namespace Kipuka.Catalog;

/// <summary>The assemblies whose types host and plugins exchange: the SDK and the shared framework. There is one of each, the host's.</summary>
internal static class SharedAssemblies
{
    private static readonly HashSet<string> Names = Find();

    public static bool Contains(string name) => Names.Contains(name);

    // By the framework's folders and not by what this process loads from them: a newer copy beside the executable may hide one of their
    // files, and must be shared all the same, or a plugin's ILogger would not be the host's.
    private static HashSet<string> Find()
    {
        var own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var trusted = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "";
        return trusted.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(Path.GetDirectoryName).OfType<string>()
            .Where(folder => folder != own)
            .Distinct()
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll"))
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Append(AssemblyAttributes.SdkName)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }
}
