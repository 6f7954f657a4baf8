using Kipuka.Sdk;

namespace Kipuka.Config;

/// <summary><c>[plugins]</c>.</summary>
internal sealed record PluginsConfig
{
    /// <summary>Folders of plugin folders; absent: <c>plugins/</c> beside the executable.</summary>
    public IReadOnlyList<SettingsPath>? Directories { get; init; }

    /// <summary>
    /// SHA-256 (64 hex digits) of plugin folders that are not shipped, by the folder's name; see <c>kipuka plugin pin</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Pins { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Loads plugins whose folder nobody pinned. For development only: health is degraded unless every listener is on loopback.
    /// </summary>
    public bool Unpinned { get; init; }
}
