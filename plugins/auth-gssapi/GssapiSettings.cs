using Kipuka.Sdk;

namespace Kipuka.Plugins.AuthGssapi;

/// <summary>The keys of <c>[gssapi]</c>.</summary>
public sealed record GssapiSettings
{
    /// <summary>Whether Kerberos tickets are accepted.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The keytab with the service's keys. Mandatory where the method is enabled.</summary>
    public SecretFile? Keytab { get; init; }

    /// <summary>The service, <c>HTTP/host@REALM</c>. Mandatory where the method is enabled. Tickets for others in the keytab are refused.</summary>
    [Setting(Min = 1, Max = 1024)]
    public string? ServicePrincipal { get; init; }

    /// <summary>The realms whose principals are accepted; absent means the service's own.</summary>
    [Setting(Min = 1, Max = 64)]
    public IReadOnlyList<string>? AllowedRealms { get; init; }

    /// <summary>The subject of principals without a mapping of their own; without it they are refused.</summary>
    [Setting(Min = 1, Max = 1024)]
    public string? DefaultTemplate { get; init; }

    /// <summary>Principal to subject. The key <c>default_template</c> in here means the one above.</summary>
    public IReadOnlyDictionary<string, string> PrincipalMapping { get; init; } = new Dictionary<string, string>();
}
