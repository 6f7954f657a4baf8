using Kipuka.Sdk;

namespace Kipuka.Config;

/// <summary><c>[plugins]</c>.</summary>
internal sealed record PluginsConfig
{
    /// <summary>Folders of plugin folders; absent: <c>plugins/</c> beside the executable.</summary>
    public IReadOnlyList<SettingsPath>? Directories { get; init; }
}
