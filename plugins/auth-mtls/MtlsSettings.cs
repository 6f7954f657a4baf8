using Kipuka.Sdk;

namespace Kipuka.Plugins.AuthMtls;

/// <summary>The keys of <c>[tls.client_auth]</c>.</summary>
public sealed record MtlsSettings
{
    /// <summary>The CA certificates under which client certificates are accepted: PEM bundles or single DER certificates.</summary>
    [Setting(Aliases = ["client_ca"], Max = 64)]
    public IReadOnlyList<SettingsFile> TrustAnchors { get; init; } = [];

    /// <summary>When a client certificate is asked for.</summary>
    public ClientAuthMode Mode { get; init; } = ClientAuthMode.Optional;

    /// <summary>Whether a client certificate must carry id-kp-clientAuth.</summary>
    public bool RequireClientAuthEku { get; init; }
}
