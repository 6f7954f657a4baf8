namespace Kipuka.Sdk;

/// <summary>A file named by kipuka.toml, read by the host. Its bytes belong to the settings: when they change, the instance is started anew.</summary>
/// <param name="Path">The absolute path.</param>
/// <param name="Bytes">The whole content, at most 4 MiB.</param>
public sealed record SettingsFile(string Path, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The path.</summary>
    public override string ToString() => Path;
}

/// <summary>A file with secret content, such as a private key. The host refuses one that others than owner and group can read.</summary>
/// <param name="Path">The absolute path.</param>
/// <param name="Content">The whole content, at most 4 MiB. The host disposes it after the instance.</param>
public sealed record SecretFile(string Path, Secret Content)
{
    /// <summary>The path.</summary>
    public override string ToString() => Path;
}

/// <summary>A path that the host does not read: a file to write, a folder, a socket. Relative ones start at kipuka.toml's folder.</summary>
/// <param name="FullPath">The absolute path.</param>
public readonly record struct SettingsPath(string FullPath)
{
    /// <summary>The path.</summary>
    public override string ToString() => FullPath;
}
