namespace Kipuka.Plugins.AuditSyslog;

/// <summary>The facilities that are a site's own; the values are those of RFC 5424 section 6.2.1.</summary>
public enum Facility
{
    /// <summary><c>local0</c></summary>
    Local0 = 16,

    /// <summary><c>local1</c></summary>
    Local1 = 17,

    /// <summary><c>local2</c></summary>
    Local2 = 18,

    /// <summary><c>local3</c></summary>
    Local3 = 19,

    /// <summary><c>local4</c></summary>
    Local4 = 20,

    /// <summary><c>local5</c></summary>
    Local5 = 21,

    /// <summary><c>local6</c></summary>
    Local6 = 22,

    /// <summary><c>local7</c></summary>
    Local7 = 23,
}
