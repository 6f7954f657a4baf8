namespace Kipuka.Testing;

/// <summary>Where the clone is, seen from a test.</summary>
public static class Repository
{
    /// <summary>The folder with Kipuka.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>The published server's folder.</summary>
    public static string Build => Path.Combine(Root, "build");

    /// <summary>The published server.</summary>
    public static string Executable => Path.Combine(Build, "kipuka");

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Kipuka.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }
        return folder ?? throw new InvalidOperationException("The tests do not run inside a clone of the repository.");
    }
}
