namespace Kipuka.Catalog;

/// <summary>
/// The native libraries of a plugin folder for the system's loader, which takes only paths: a private copy (mode 0700) of the hashed bytes.
/// </summary>
internal sealed class NativeCopy(PluginFolder folder)
{
    private readonly Lock writing = new();
    private string? copy;

    /// <summary>The copy's path of a file of the folder; null when the folder had no such file when it was hashed.</summary>
    public string? PathOf(string relative)
    {
        if (!folder.Files.ContainsKey(relative))
        {
            return null;
        }
        lock (writing)
        {
            copy ??= Write();
            return Path.Combine(copy, relative);
        }
    }

    public void Delete()
    {
        lock (writing)
        {
            if (copy is not null)
            {
                Directory.Delete(copy, recursive: true);
                copy = null;
            }
        }
    }

    // With the same layout, because a library finds its neighbours by $ORIGIN.
    private string Write()
    {
        var target = Directory.CreateTempSubdirectory("kipuka-native-").FullName;
        foreach (var (name, bytes) in folder.Files.Where(file => !IsManaged(file.Key)))
        {
            var path = Path.Combine(target, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes.AsSpan());
        }
        return target;
    }

    private static bool IsManaged(string name)
        => Path.GetExtension(name) is ".pdb" or ".json" or ".xml" || (!OperatingSystem.IsWindows() && Path.GetExtension(name) == ".dll");
}
