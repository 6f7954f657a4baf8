using Kipuka.Sdk;

namespace Kipuka.Plugins.AuditSyslog;

/// <summary>
/// The keys <c>syslog</c> and <c>syslog_facility</c> of <c>[audit]</c>, or the table <c>[audit.syslog]</c>. All but the first are paths from
/// the root: in <c>[audit]</c> a word such as <c>cert</c> would not say whose it is.
/// </summary>
public sealed record AuditSyslogSettings
{
    /// <summary>The server's URL, where there is no table.</summary>
    public string? Syslog { get; init; }

    /// <summary>The server: <c>udp://host:port</c>, <c>tcp://host:port</c> or <c>tcp+tls://host:port</c>.</summary>
    [Setting(Key = "audit.syslog.url")]
    public string? Url { get; init; }

    /// <summary>The facility in every message's priority.</summary>
    [Setting(Key = "audit.syslog.facility", Aliases = ["audit.syslog_facility"])]
    public Facility Facility { get; init; } = Facility.Local0;

    /// <summary>APP-NAME (RFC 5424 section 6.2.5).</summary>
    [Setting(Key = "audit.syslog.app_name", Min = 1, Max = 48)]
    public string AppName { get; init; } = "kipuka";

    /// <summary>HOSTNAME (RFC 5424 section 6.2.4); absent means the machine's own.</summary>
    [Setting(Key = "audit.syslog.hostname", Min = 1, Max = 255)]
    public string? Hostname { get; init; }

    /// <summary>The name of the structured data (RFC 5424 section 6.3.2), with the operator's own private enterprise number.</summary>
    [Setting(Key = "audit.syslog.sd_id", Min = 1, Max = 32)]
    public string SdId { get; init; } = "kipuka@32473"; // RFC 5612: the number for examples

    /// <summary>The longest message; absent means 8096 bytes, or 1180 over UDP.</summary>
    [Setting(Key = "audit.syslog.max_message_size", Min = 1024, Max = 1 << 20)]
    public ByteSize? MaxMessageSize { get; init; }

    /// <summary>How a TCP stream is divided.</summary>
    [Setting(Key = "audit.syslog.framing")]
    public Framing Framing { get; init; }

    /// <summary>How long connecting may take, and how long the server may take to acknowledge what was sent.</summary>
    [Setting(Key = "audit.syslog.timeout", Min = 1, Max = 300)]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The roots that the server's certificate is verified against; absent means the system's.</summary>
    [Setting(Key = "audit.syslog.trust_anchors", Min = 1)]
    public IReadOnlyList<SettingsFile>? TrustAnchors { get; init; }

    /// <summary>The client certificate, in PEM, with its intermediates behind it.</summary>
    [Setting(Key = "audit.syslog.cert")]
    public SettingsFile? Cert { get; init; }

    /// <summary>Its key, in PEM.</summary>
    [Setting(Key = "audit.syslog.key")]
    public SecretFile? Key { get; init; }

    internal string? Address => Url ?? Syslog;
}
