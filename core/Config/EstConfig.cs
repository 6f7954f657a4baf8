using Kipuka.Sdk;

namespace Kipuka.Config;

/// <summary><c>[est]</c>.</summary>
internal sealed record EstConfig
{
    public bool Enabled { get; init; } = true;

    public string BasePath { get; init; } = "/.well-known/est";

    public bool Cacerts { get; init; } = true;

    public bool Simpleenroll { get; init; } = true;

    public bool Simplereenroll { get; init; } = true;

    public bool Csrattrs { get; init; } = true;

    public bool Fullcmc { get; init; }

    public ServerKeyGenConfig Serverkeygen { get; init; } = new();

    /// <summary>Dotted OIDs for /csrattrs: advice, never enforced (ruling 29).</summary>
    public IReadOnlyList<string> CsrAttributes { get; init; } = [];

    /// <summary>Further advice; null is none but what policy demands.</summary>
    public CsrTemplateConfig? CsrTemplate { get; init; }

    /// <summary>RFC 9908's template, the list of RFC 7030, or both.</summary>
    [Setting(OneOf = ["both", "attributes", "template"])]
    public string CsrAttributesForm { get; init; } = "both";

    /// <summary>/csrattrs demands authentication (NIAP FIA_UAU.1).</summary>
    public bool CsrattrsAuth { get; init; }

    [Setting(Min = 1, Max = 86400)]
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a repeat of a request gets the same certificate (ruling 44).</summary>
    [Setting(Max = 86400)]
    public TimeSpan ResendWindow { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Ruling 36.</summary>
    [Setting(OneOf = ["off", "if-present", "required"])]
    public string ChannelBinding { get; init; } = "if-present";

    public RenewalInfoConfig RenewalInfo { get; init; } = new();

    public CmcConfig Cmc { get; init; } = new();

    public RaConfig Ra { get; init; } = new();

    /// <summary>The server's pair, which signs answers where <c>[est.cmc]</c> has none. Paths: only then it is read.</summary>
    [Setting(Key = "tls.cert")]
    public SettingsPath? TlsCert { get; init; }

    [Setting(Key = "tls.key")]
    public SettingsPath? TlsKey { get; init; }

    [Setting(Key = "label")]
    public IReadOnlyList<LabelConfig> Labels { get; init; } = [];
}

/// <summary><c>[est.cmc]</c>; without effect while <c>fullcmc</c> is off.</summary>
internal sealed record CmcConfig
{
    public ByteSize MaxMessageSize { get; init; } = new(10 << 20);

    public bool AllowUnsigned { get; init; }

    /// <summary>A TLS client certificate besides the signature of the request.</summary>
    public bool RequireMtls { get; init; } = true;

    /// <summary>Signs the answers; absent: the pair of <c>[tls]</c>.</summary>
    public SettingsFile? Cert { get; init; }

    public SecretFile? Key { get; init; }
}

/// <summary><c>[est.ra]</c>: who may ask for others (ruling 34). What is absent leaves nobody with that right.</summary>
internal sealed record RaConfig
{
    public IReadOnlyList<SettingsFile>? TrustAnchors { get; init; }
}
