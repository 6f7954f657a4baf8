using Kipuka.Sdk;

namespace Kipuka.Plugins.AuditFile;

/// <summary>The keys of <c>[audit]</c> that belong to this plugin.</summary>
public sealed record AuditFileSettings
{
    /// <summary>The file to append to; a regular file in a folder that exists.</summary>
    public required SettingsPath File { get; init; }
}
