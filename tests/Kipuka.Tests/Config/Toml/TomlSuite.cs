namespace Kipuka.Tests.Config.Toml;

/// <summary>The files that toml-test lists for TOML 1.0.0.</summary>
internal static class TomlSuite
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "data", "toml-test");

    public static TheoryData<string> Documents(string folder) => new(Names(folder));

    /// <summary>The names of the documents below a folder of the suite.</summary>
    public static IEnumerable<string> Names(string folder)
        => File.ReadLines(Path.Combine(Folder, "files-toml-1.0.0"))
            .Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal) && name.EndsWith(".toml", StringComparison.Ordinal));

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name));
}
