namespace Kipuka.Plugins.AuditSyslog;

/// <summary>How a stream is divided into messages.</summary>
public enum Framing
{
    /// <summary>Each message after its length (RFC 6587 section 3.4.1; RFC 5425 section 4.3).</summary>
    OctetCounting,

    /// <summary>A newline after each message (RFC 6587 section 3.4.2), for TCP servers that know nothing else.</summary>
    Newline,
}
