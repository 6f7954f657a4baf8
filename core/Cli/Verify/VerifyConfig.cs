using Kipuka.Sdk;

namespace Kipuka.Cli.Verify;

/// <summary>
/// <c>[verify]</c> of a settings file for <c>kipuka plugin verify</c>: what the conformance kit has to know besides the settings. No server reads it.
/// </summary>
internal sealed record VerifyConfig
{
    /// <summary>A shell command that takes away what the service depends on; the folder is the file's.</summary>
    public string? Outage { get; init; }

    /// <summary>A shell command that brings it back.</summary>
    public string? Recovery { get; init; }

    public VerifyAuthorityConfig Ca { get; init; } = new();

    public VerifyAuthConfig? Auth { get; init; }

    public VerifyTransportConfig? Transport { get; init; }

    public VerifyStrategyConfig Ha { get; init; } = new();

    public VerifyAuditConfig? Audit { get; init; }
}
