using Kipuka.Sdk;

namespace Kipuka.Config;

/// <summary><c>[admin]</c> after the aliases of ruling 3 have been mapped.</summary>
internal sealed record AdminConfig
{
    public bool Enabled { get; init; } = true;

    /// <summary>Absent: exactly what is configured, and after binding it says what that is.</summary>
    [Setting(OneOf = ["mtls", "bearer", "both"])]
    public string? Auth { get; init; }

    /// <summary><c>required</c>: always a certificate, a token in addition (ruling 3).</summary>
    [Setting(OneOf = ["required", "optional", "none"])]
    public string? Mode { get; init; }

    public IReadOnlyList<SettingsFile>? TrustAnchors { get; init; }

    /// <summary>Globs over the subject text of ruling 56.</summary>
    public IReadOnlyList<string> Subjects { get; init; } = [];

    public string? BearerTokenEnv { get; init; }

    /// <summary>The token itself, usually <c>"${VARIABLE}"</c>; after binding also what <see cref="BearerTokenEnv"/> names.</summary>
    public Secret? BearerToken { get; init; }

    /// <summary>Hashed tokens: the alias <c>[admin.bearer_token] tokens</c>.</summary>
    public IReadOnlyList<HashedToken> Tokens { get; init; } = [];
}

/// <summary>One hashed bearer token.</summary>
internal sealed record HashedToken
{
    /// <summary><c>sha256:</c> and 64 hex digits.</summary>
    public required string TokenHash { get; init; }

    public string Description { get; init; } = "";
}
