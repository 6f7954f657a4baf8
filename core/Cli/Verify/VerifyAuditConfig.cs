using Kipuka.Sdk;

namespace Kipuka.Cli.Verify;

/// <summary><c>[verify.audit]</c>.</summary>
internal sealed record VerifyAuditConfig
{
    /// <summary>A file in which the target keeps what it received, as text.</summary>
    public required SettingsPath Read { get; init; }
}
