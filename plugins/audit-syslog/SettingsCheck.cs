using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Kipuka.Sdk;

namespace Kipuka.Plugins.AuditSyslog;

/// <summary>What the host cannot know of the settings.</summary>
internal static partial class SettingsCheck
{
    private const string Table = "audit.syslog.";
    private const long MaxDatagram = 65_507; // of IPv4, less the headers of IP and UDP

    public static IEnumerable<SettingsProblem> Run(AuditSyslogSettings settings)
    {
        var (server, problem) = settings.Address is { } url ? SyslogServer.Parse(url)
            : (null, "names no server; write [audit] syslog = \"tcp+tls://syslog.example.com:6514\", or the same as url in [audit.syslog].");
        if (problem is not null)
        {
            yield return new SettingsProblem(settings.Url is null && settings.Syslog is not null ? "audit.syslog" : Table + "url", problem);
        }
        foreach (var (key, text) in new[] { ("hostname", settings.Hostname ?? ""), ("app_name", settings.AppName) })
        {
            if (!SafeText.IsPrintable(text))
            {
                yield return new SettingsProblem(Table + key, $"\"{text}\" has characters other than printable ASCII without spaces (RFC 5424 section 6).");
            }
        }
        if (!StructuredDataId().IsMatch(settings.SdId))
        {
            yield return new SettingsProblem(
                Table + "sd_id",
                $"\"{settings.SdId}\" is no name of private structured data; write NAME@NUMBER with your private enterprise number, "
                + "such as kipuka@32473 (RFC 5424 section 6.3.2).");
        }
        if (server is not null)
        {
            foreach (var misfit in Misfits(settings, server.Scheme))
            {
                yield return misfit;
            }
        }
        if (Files(settings) is { } fault)
        {
            yield return fault;
        }
    }

    private static IEnumerable<SettingsProblem> Misfits(AuditSyslogSettings settings, SyslogScheme scheme)
    {
        (string Key, bool Stands)[] tlsOnly =
            [("trust_anchors", settings.TrustAnchors is not null), ("cert", settings.Cert is not null), ("key", settings.Key is not null)];
        foreach (var (key, _) in tlsOnly.Where(tls => scheme != SyslogScheme.TcpTls && tls.Stands))
        {
            yield return new SettingsProblem(Table + key, "has no effect without TLS; take it out, or write tcp+tls:// in the URL.");
        }
        if (settings.Framing == Framing.Newline && scheme != SyslogScheme.Tcp)
        {
            yield return new SettingsProblem(Table + "framing", "newline is for tcp:// alone; UDP needs no framing, and TLS has octet counting (RFC 5425 section 4.3).");
        }
        if (scheme == SyslogScheme.Udp && settings.MaxMessageSize?.Bytes > MaxDatagram)
        {
            yield return new SettingsProblem(Table + "max_message_size", $"no datagram has more than {MaxDatagram} bytes.");
        }
    }

    private static SettingsProblem? Files(AuditSyslogSettings settings)
    {
        if (settings.Cert is null != settings.Key is null)
        {
            return settings.Cert is null
                ? new SettingsProblem(Table + "key", "needs the certificate that it belongs to; name it as cert.")
                : new SettingsProblem(Table + "cert", "needs its private key; name it as key.");
        }
        return Fault("trust_anchors", () => TrustAnchors.Dispose(TrustAnchors.Read(settings.TrustAnchors ?? [])))
            ?? (settings is { Cert: { } cert, Key: { } key } ? Fault("cert", () => ClientIdentity.Load(cert, key).Dispose()) : null);
    }

    private static SettingsProblem? Fault(string key, Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (CryptographicException fault)
        {
            return new SettingsProblem(Table + key, fault.Message);
        }
    }

    // An SD-NAME with one @ and an enterprise number behind it, or an OID below it.
    [GeneratedRegex(@"^(?!.{33})[!#-<>?A-\\^-~]+@[0-9]+(\.[0-9]+)*\z")]
    private static partial Regex StructuredDataId();
}
