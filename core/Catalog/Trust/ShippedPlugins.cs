using System.Collections.Immutable;

namespace Kipuka.Catalog;

/// <summary>The plugins that were built with this server: their hashes stand in the executable, where whoever can write plugin folders cannot change them.</summary>
internal static partial class ShippedPlugins
{
    // The generated part has one constant: the sha256sum lines of all files of all shipped plugins, by folder/path, in any order.

    /// <summary>The hash of each folder by its name.</summary>
    public static IReadOnlyDictionary<string, string> Hashes { get; } = Read(Lines);

    internal static IReadOnlyDictionary<string, string> Read(string lines) => lines
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => (Hash: line[..64].ToLowerInvariant(), Path: line[64..].Trim().Replace('\\', '/')))
        .GroupBy(file => file.Path[..file.Path.IndexOf('/', StringComparison.Ordinal)])
        .ToImmutableDictionary(
            folder => folder.Key,
            folder => FolderHash.OfLines(FolderHash.Lines(folder.Select(file => (file.Path[(folder.Key.Length + 1)..], file.Hash)))));
}
