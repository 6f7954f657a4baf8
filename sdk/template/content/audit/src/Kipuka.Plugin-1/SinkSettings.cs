using Kipuka.Sdk;

namespace Kipuka.Plugin_1;

/// <summary>The keys of <c>[audit.plugin-1-name]</c>.</summary>
public sealed record SinkSettings
{
    /// <summary>The file to append to.</summary>
    public required SettingsPath File { get; init; }
}
