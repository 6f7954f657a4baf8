namespace Kipuka.Plugins.AuditSyslog;

/// <summary>The server that a URL names.</summary>
internal sealed record SyslogServer(SyslogScheme Scheme, string Host, int Port)
{
    private const int UdpPort = 514; // RFC 5426 section 3.3
    private const int TlsPort = 6514; // RFC 5425 section 4.1

    private string SchemeText => Scheme switch
    {
        SyslogScheme.Udp => "udp",
        SyslogScheme.Tcp => "tcp",
        _ => "tcp+tls",
    };

    public override string ToString() => $"{SchemeText}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";

    /// <summary>Reads a URL; one that is wrong gives what is wrong with it and the nearest right one.</summary>
    public static (SyslogServer? Server, string? Problem) Parse(string url)
    {
        if (!url.Contains("://", StringComparison.Ordinal))
        {
            return (null, $"\"{url}\" has no scheme; write udp://, tcp:// or tcp+tls:// before it, such as tcp+tls://{url}.");
        }
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.DnsSafeHost.Length == 0 || parsed.Port == 0)
        {
            return (null, $"\"{url}\" is no URL; write one such as tcp+tls://syslog.example.com:{TlsPort}.");
        }
        var server = new SyslogServer(Nearest(parsed.Scheme), parsed.IdnHost, parsed.Port);
        if (server.SchemeText != parsed.Scheme)
        {
            var right = server with { Port = server.Port > 0 ? server.Port : DefaultPort(server.Scheme) ?? UdpPort };
            return (null, $"{parsed.Scheme} is none of the schemes udp, tcp and tcp+tls; did you mean {right}?");
        }
        if (parsed.UserInfo.Length > 0 || parsed.PathAndQuery is not ("/" or "") || parsed.Fragment.Length > 0)
        {
            var right = parsed.Port > 0 ? server.ToString() : $"{parsed.Scheme}://{parsed.Host}";
            return (null, $"\"{url}\" has more than scheme, host and port; write {right}.");
        }
        return parsed.Port > 0 ? (server, null)
            : DefaultPort(server.Scheme) is { } port ? (server with { Port = port }, null)
            : (null, $"\"{url}\" has no port, and RFC 6587 names none for TCP; write the one your server listens at, "
                + $"such as {server with { Port = UdpPort }}.");
    }

    private static int? DefaultPort(SyslogScheme scheme) => scheme switch
    {
        SyslogScheme.Udp => UdpPort,
        SyslogScheme.TcpTls => TlsPort,
        _ => null,
    };

    // tls, ssl, tcps, syslog+tls; upd; tpc.
    private static SyslogScheme Nearest(string scheme)
        => scheme.Contains("tls", StringComparison.Ordinal) || scheme.Contains("ssl", StringComparison.Ordinal) || scheme.EndsWith('s')
            ? SyslogScheme.TcpTls
            : scheme.Contains('u', StringComparison.Ordinal) ? SyslogScheme.Udp
            : SyslogScheme.Tcp;
}
