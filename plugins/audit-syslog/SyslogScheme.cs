namespace Kipuka.Plugins.AuditSyslog;

/// <summary>How messages travel.</summary>
internal enum SyslogScheme
{
    Udp,
    Tcp,
    TcpTls,
}
