namespace Kipuka.Catalog;

/// <summary>Whoever can write where plugins are loaded from runs code in this server; so only the owner may.</summary>
internal static class FolderPermissions
{
    private const UnixFileMode Foreign = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <returns>The sentence that refuses the path; null when only its owner can write there.</returns>
    public static string? Refuse(string path)
    {
        // Elsewhere access lists decide, which the installer sets.
        if (OperatingSystem.IsWindows())
        {
            return null;
        }
        var mode = File.GetUnixFileMode(path);
        return (mode & Foreign) == 0
            ? null
            : $"is writable by group or others (mode {Convert.ToString((int)mode, 8)}), who could run code in this server through it; "
                + $"do: chmod -R go-w '{path}'";
    }
}
