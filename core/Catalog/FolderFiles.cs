using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Kipuka.Catalog;

/// <summary>Reads a folder's files once, and refuses a folder that somebody else could change or that reaches outside itself.</summary>
internal static class FolderFiles
{
    private const long MaxBytes = 512L << 20;

    /// <returns>Bytes by path within the folder.</returns>
    /// <exception cref="IOException">The folder is refused; the message says why and what to do, and follows the folder's name.</exception>
    public static IReadOnlyDictionary<string, ImmutableArray<byte>> Read(string folder)
    {
        // The folder itself may be a link (a package manager's): from here on its target is the folder.
        var root = Path.GetFullPath(Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder);
        RequirePermissions(root);
        var files = new Dictionary<string, ImmutableArray<byte>>(StringComparer.Ordinal);
        long total = 0;
        Collect(root, root, files, ref total);
        return files;
    }

    private static void Collect(string root, string folder, Dictionary<string, ImmutableArray<byte>> files, ref long total)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            var name = Path.GetRelativePath(root, entry.FullName);
            if (entry.LinkTarget is not null)
            {
                RequireInside(root, entry, name);
            }
            RequirePermissions(entry.FullName);
            if (entry is DirectoryInfo)
            {
                Collect(root, entry.FullName, files, ref total);
                continue;
            }
            files[Name(name)] = ReadFile(entry.FullName, name, ref total);
        }
    }

    private static ImmutableArray<byte> ReadFile(string path, string name, ref long total)
    {
        using var stream = File.OpenRead(path);
        total += stream.Length;
        if (total > MaxBytes)
        {
            throw new IOException($"holds more than {MaxBytes >> 20} MiB (at {name}), which no plugin needs; remove what is no part of it");
        }
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return ImmutableCollectionsMarshal.AsImmutableArray(bytes);
    }

    private static void RequireInside(string root, FileSystemInfo link, string name)
    {
        var target = link.ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        // Links to folders could lead round in circles, and no plugin needs them.
        if (link is DirectoryInfo
            || target is null
            || !Path.GetFullPath(target).StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new IOException($"holds the link {name}, which does not lead to a file of the same folder; put the file itself there");
        }
    }

    private static void RequirePermissions(string path)
    {
        if (FolderPermissions.Refuse(path) is { } reason)
        {
            throw new IOException($"is refused: {path} {reason}");
        }
    }

    private static string Name(string relative)
        => relative.AsSpan().IndexOfAny('\\', '\n', '\r') < 0
            ? relative
            : throw new IOException($"holds a file whose name has a backslash or a line break ({Uri.EscapeDataString(relative)}); rename it");
}
