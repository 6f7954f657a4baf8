using System.Net;
using Kipuka.Sdk;
using Kipuka.Sdk.Audit;

[assembly: KipukaPlugin(
    "audit", "syslog", typeof(Kipuka.Plugins.AuditSyslog.AuditSyslogPlugin), Tables = ["audit.syslog", "audit.syslog_facility"])]

namespace Kipuka.Plugins.AuditSyslog;

/// <summary>Sends the journal to a syslog server (RFC 5424) over UDP, TCP or TLS.</summary>
public sealed class AuditSyslogPlugin : Plugin<IAuditSink, AuditSyslogSettings>
{
    private const long StreamLimit = 8096; // what rsyslog takes as installed; it tears what is longer
    private const long DatagramLimit = 1180; // RFC 5426 section 3.2: what every receiver takes over IPv6, in one packet

    /// <inheritdoc/>
    public override IEnumerable<SettingsProblem> Check(AuditSyslogSettings settings) => SettingsCheck.Run(settings);

    /// <inheritdoc/>
    public override ValueTask<IAuditSink> StartAsync(AuditSyslogSettings settings, IPluginHost host, CancellationToken cancel)
    {
        // No connection yet: a log server that is down is no reason not to start, and the journal waits for it.
        var (server, problem) = SyslogServer.Parse(settings.Address ?? "");
        if (server is null)
        {
            throw new ArgumentException(problem, nameof(settings));
        }
        var limit = settings.MaxMessageSize?.Bytes ?? (server.Scheme == SyslogScheme.Udp ? DatagramLimit : StreamLimit);
        var format = new MessageFormat(settings.Facility, settings.Hostname ?? Dns.GetHostName(), settings.AppName, settings.SdId, (int)limit);
        var tls = server.Scheme == SyslogScheme.TcpTls ? TlsClient.Load(settings, host.Clock) : null;
        var connector = new Connector(server, settings.Framing, tls, host.Clock);
        return new(new AuditSyslogSink(connector, format, settings.Timeout, host.Clock));
    }
}
