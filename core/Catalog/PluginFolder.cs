using System.Collections.Immutable;
using Kipuka.Config;

namespace Kipuka.Catalog;

/// <summary>One plugin folder, read once: what is hashed, described and loaded are the same bytes.</summary>
internal sealed class PluginFolder
{
    private readonly IReadOnlyList<PluginDescription> descriptions;

    private PluginFolder(string path, IReadOnlyDictionary<string, ImmutableArray<byte>> files, ConfigProblems problems)
    {
        Path = path;
        Files = files.Where(file => file.Key != PluginSignature.FileName).ToDictionary();
        Signature = files.TryGetValue(PluginSignature.FileName, out var signature) ? signature.AsMemory() : default;
        Lines = FolderHash.Lines(Files);
        Hash = FolderHash.OfLines(Lines);
        descriptions = [.. Files.Keys
            .Where(name => name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && !name.Contains('/'))
            .Order(StringComparer.Ordinal)
            .SelectMany(name => AssemblyDeclarations.Read(this, name, problems))];
    }

    public string Path { get; }

    /// <summary>SHA-256, lower-case hex, over the folder's <c>sha256sum</c> lines in the order of their paths.</summary>
    public string Hash { get; }

    /// <summary>What the hash is over, and a publisher's signature.</summary>
    public byte[] Lines { get; }

    /// <summary>The publisher's signature; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>Every file's bytes by its path in the folder, with slashes.</summary>
    public IReadOnlyDictionary<string, ImmutableArray<byte>> Files { get; }

    /// <summary>The plugins that its assemblies declare. No code of them has run; a wrong declaration has been reported and is left out.</summary>
    public IReadOnlyList<PluginDescription> Describe() => descriptions;

    /// <returns>Null when the folder holds no assembly, or, with a problem, when it is refused.</returns>
    public static PluginFolder? Read(string path, ConfigProblems problems)
    {
        try
        {
            var files = FolderFiles.Read(path);
            return files.Keys.Any(name => name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
                ? new PluginFolder(System.IO.Path.GetFullPath(path), files, problems)
                : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            problems.Add(new("plugin-refused", path, 0, 0, null, fault.Message));
            return null;
        }
    }
}
