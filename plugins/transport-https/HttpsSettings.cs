using System.Net;
using Kipuka.Sdk;

namespace Kipuka.Plugins.TransportHttps;

/// <summary>The table <c>[tls]</c>, and what the transport reads of the tables it shares with the server.</summary>
public sealed record HttpsSettings
{
    /// <summary>PEM: the server's certificate, then its intermediates.</summary>
    [Setting(Aliases = ["server.tls_cert"])]
    public required SettingsFile Cert { get; init; }

    /// <summary>PEM: its private key, PKCS#8, SEC1 or PKCS#1, not encrypted.</summary>
    [Setting(Aliases = ["server.tls_key"])]
    public required SecretFile Key { get; init; }

    /// <summary>The lowest TLS version: <c>1.2</c> or <c>1.3</c>.</summary>
    [Setting(OneOf = ["1.2", "1.3"])]
    public string MinVersion { get; init; } = "1.2";

    /// <summary>IANA names of cipher suites; absent for the six ECDHE suites with AES-GCM and ChaCha20.</summary>
    [Setting(Min = 1, Max = 64)]
    public IReadOnlyList<string>? CipherSuites { get; init; }

    /// <summary>From the first byte of the connection to the end of the TLS handshake.</summary>
    [Setting(Min = 1, Max = 120)]
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where EST is served.</summary>
    [Setting(Key = "server.listen")]
    public IPEndPoint Listen { get; init; } = new(IPAddress.Any, 8443);

    /// <summary>Where the admin application is served.</summary>
    [Setting(Key = "server.admin_listen")]
    public IPEndPoint AdminListen { get; init; } = new(IPAddress.Loopback, 9443);

    /// <summary>The largest request body, before it is unwrapped.</summary>
    [Setting(Key = "server.max_body_size", Min = 1024, Max = 64 << 20)]
    public ByteSize MaxBodySize { get; init; } = new(1 << 20);

    /// <summary>From the first byte of a request to the end of its headers.</summary>
    [Setting(Key = "server.header_timeout", Min = 1, Max = 300)]
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For the whole body of a request.</summary>
    [Setting(Key = "server.body_timeout", Min = 2, Max = 600)]
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may be silent between requests, and before the first.</summary>
    [Setting(Key = "server.idle_timeout", Min = 1, Max = 3600)]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Connections of one listener at a time; the newest beyond it is closed.</summary>
    [Setting(Key = "server.max_connections", Min = 1, Max = 1_000_000)]
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>Whether clients are asked for a certificate.</summary>
    [Setting(Key = "tls.client_auth.mode")]
    public ClientAuthMode? ClientAuth { get; init; }

    /// <summary>Only tells whether <c>[tls.client_auth]</c> stands there; who is trusted is the authenticator's affair.</summary>
    [Setting(Key = "tls.client_auth.trust_anchors")]
    public IReadOnlyList<string>? ClientAuthAnchors { get; init; }

    /// <summary>The path that EST operations and labels stand below.</summary>
    [Setting(Key = "est.base_path", Min = 2, Max = 200)]
    public string BasePath { get; init; } = "/.well-known/est";

    /// <summary>Whether /fullcmc is on, and then how large its messages may be.</summary>
    [Setting(Key = "est.fullcmc")]
    public bool FullCmc { get; init; }

    /// <summary>The largest body of /fullcmc, before it is unwrapped.</summary>
    [Setting(Key = "est.cmc.max_message_size", Min = 1024, Max = 64 << 20)]
    public ByteSize MaxMessageSize { get; init; } = new(10 << 20);

    /// <summary>Columns of base64 in answers; <c>auto</c> mirrors the client, <c>0</c> is one line.</summary>
    [Setting(Key = "est.base64_wrap", OneOf = ["auto", "0", "64", "76"])]
    public string Base64Wrap { get; init; } = "auto";

    /// <summary><c>required</c> refuses to start where a connection's binding cannot be had (RFC 7030 section 3.5).</summary>
    [Setting(Key = "est.channel_binding")]
    public string ChannelBinding { get; init; } = "if-present";

    /// <summary>False switches the admin listener off; absent: as the server decides.</summary>
    [Setting(Key = "admin.enabled")]
    public bool? AdminEnabled { get; init; }

    /// <summary>The admin listener's own certificate; absent for the one of <c>[tls]</c>.</summary>
    [Setting(Key = "admin.cert")]
    public SettingsFile? AdminCert { get; init; }

    /// <summary>The private key of <see cref="AdminCert"/>.</summary>
    [Setting(Key = "admin.key")]
    public SecretFile? AdminKey { get; init; }

    /// <summary>When present, the admin listener asks for a client certificate. The admin application judges it.</summary>
    [Setting(Key = "admin.trust_anchors")]
    public IReadOnlyList<SettingsFile>? AdminTrustAnchors { get; init; }

    internal long MaxFullCmcBody => FullCmc ? MaxMessageSize.Bytes : MaxBodySize.Bytes;

    // A table without a mode means optional; no table at all means that nobody is asked.
    internal ClientAuthMode EffectiveClientAuth => ClientAuth ?? (ClientAuthAnchors is null ? ClientAuthMode.None : ClientAuthMode.Optional);

    // 0.0.0.0 covers every IPv4 address, [::] every address: the host's sockets are dual-mode.
    internal bool SharesListener => Listen.Port != 0 && Listen.Port == AdminListen.Port && Covers(Listen.Address, AdminListen.Address);

    internal bool ListenersCollide
        => Listen.Port != 0 && Listen.Port == AdminListen.Port && !SharesListener && Covers(AdminListen.Address, Listen.Address);

    private static bool Covers(IPAddress wide, IPAddress narrow)
        => wide.Equals(narrow) || wide.Equals(IPAddress.IPv6Any) || (wide.Equals(IPAddress.Any) && narrow.AddressFamily == wide.AddressFamily);
}
