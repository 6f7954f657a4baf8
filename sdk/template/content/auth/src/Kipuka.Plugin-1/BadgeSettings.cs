using Kipuka.Sdk;

namespace Kipuka.Plugin_1;

/// <summary>The keys of <c>[auth.plugin-1-name]</c>.</summary>
public sealed record BadgeSettings
{
    /// <summary>Badges by the name of who holds them: <c>device-1 = "${BADGE_1}"</c>.</summary>
    [Setting(Min = 1)]
    public required IReadOnlyDictionary<string, Secret> Badges { get; init; }
}
