using Kipuka.Sdk;

namespace Kipuka.Config;

/// <summary><c>[plugins]</c>.</summary>
internal sealed record PluginsConfig
{
    /// <summary>Folders of plugin folders; absent: <c>plugins/</c> beside the executable.</summary>
    public IReadOnlyList<SettingsPath>? Directories { get; init; }

    /// <summary>The hashes of plugin folders that may run, by the folder's name: <c>sha256:</c> and 64 hex digits.</summary>
    public IReadOnlyDictionary<string, string> Pins { get; init; } = new Dictionary<string, string>();

    /// <summary>Certificates, whose owners' signatures stand for a pin.</summary>
    public IReadOnlyList<SettingsFile> Publishers { get; init; } = [];

    /// <summary>Whatever lies in a plugin folder may run. For building plugins; off loopback health says degraded.</summary>
    public bool Unpinned { get; init; }
}
