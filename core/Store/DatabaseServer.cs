namespace Kipuka.Store;

/// <summary>A database at a server.</summary>
/// <param name="Engine"><c>postgres</c> or <c>mariadb</c>.</param>
/// <param name="Host">A name or an address.</param>
/// <param name="Port">Its TCP port.</param>
/// <param name="Database">The database's name.</param>
/// <param name="User">Who logs in.</param>
/// <param name="Tls">How the connection is protected.</param>
internal sealed record DatabaseServer(string Engine, string Host, int Port, string Database, string User, DatabaseTls Tls)
{
    /// <summary>Null where the server asks for none. Never printed.</summary>
    public string? Password { get; init; }

    /// <summary>A PEM file with the CAs that the server's certificate may come from; null: those of the system.</summary>
    public string? RootCertificate { get; init; }

    /// <summary>For messages: no user, no password.</summary>
    public override string ToString() => $"{Engine}://{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}/{Database}";
}

/// <summary>How a connection to a database server is protected, in the order of strength.</summary>
internal enum DatabaseTls
{
    Disable,

    /// <summary>Encrypted where the server can.</summary>
    Prefer,

    /// <summary>Encrypted; whoever answers is believed.</summary>
    Require,

    /// <summary>The server's certificate comes from a known CA.</summary>
    VerifyCa,

    /// <summary>And it is for the host that was dialled.</summary>
    VerifyFull,
}
