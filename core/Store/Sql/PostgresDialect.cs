using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kipuka.Store;

/// <summary>PostgreSQL: many nodes, one database. A node's name is a lock of its writing session.</summary>
internal sealed class PostgresDialect(DatabaseOptions options, DatabaseServer server) : Dialect
{
    public const string Name = "postgres";

    private const string UniqueViolation = "23505";
    private const string IsLock =
        " l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) " +
        "AND l.classid::bigint = @high AND l.objid::bigint = @low";

    private const string LockNotAvailable = "55P03";

    /// <summary>Serialization failure, deadlock, a lock waited for too long: the server undid the transaction, or it is undone now.</summary>
    private static readonly HashSet<string> Conflicts = ["40001", "40P01", LockNotAvailable];

    /// <summary>Shutdown, crash, not ready yet, an idle session ended, and a server that only reads since another took its place.</summary>
    private static readonly HashSet<string> Endings = ["57P01", "57P02", "57P03", "57P05", "25006", "53300"];

    // Tells this process' sessions from those of another with the same process id at the server.
    private readonly string _application = Shortened($"kipuka {Guid.NewGuid().ToString("N")[..8]} {options.Node}");

    public override string Engine => Name;

    public override string Begin => "BEGIN";

    public override string HasMigrations =>
        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'schema_migrations'";

    public override string CreateMigrations =>
        "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER NOT NULL PRIMARY KEY, name TEXT COLLATE \"C\" NOT NULL, " +
        "checksum TEXT COLLATE \"C\" NOT NULL, applied_at BIGINT NOT NULL)";

    public override bool IsServer => true;

    public override bool Batches => true;

    public override IDisposable Claim(ILogger log) => Nothing.ToRelease;

    // A commit that is answered is on the server's disk, whatever the server's default.
    public override DbConnection OpenWriter() => Open(
        $"SET lock_timeout = '10s'; SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'");

    public override DbConnection OpenReader() => Open("SET default_transaction_read_only = on");

    public override IDisposable LockSchema(Session session)
    {
        session.Execute("SET lock_timeout = '10min'");
        session.Number("SELECT 1 FROM pg_advisory_lock(@key)", ("key", NamedLock.Number("schema")));
        session.Execute("SET lock_timeout = '10s'");
        return new SessionLock(() => session.Number("SELECT 1 FROM pg_advisory_unlock(@key)", ("key", NamedLock.Number("schema"))));
    }

    public override NodeClaim? TakeNode(Session session, NodeClaim? former)
    {
        long key = NamedLock.Number("node/" + options.Node);
        if (former?.Connection is { } before)
        {
            session.Number(
                "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid = @pid AND application_name = @me",
                ("pid", (int)before), ("me", _application));
        }

        try
        {
            session.Execute($"SET lock_timeout = '{(long)options.ConnectTimeout.TotalMilliseconds}ms'");
            session.Number("SELECT 1 FROM pg_advisory_lock(@key)", ("key", key));
            session.Execute("SET lock_timeout = '10s'");
            return new NodeClaim(session.Number("SELECT pg_backend_pid()"), NodeRows.Hold(session, options.Node));
        }
        catch (PostgresException fault) when (fault.SqlState == LockNotAvailable)
        {
            throw NamedLock.Taken(options.Node, Holder(session, key), fault);
        }
    }

    public override bool IsNodeAlive(Session session, string node)
    {
        long key = NamedLock.Number("node/" + node);
        return session.Number(
            $"SELECT COUNT(*) FROM pg_locks l WHERE {IsLock}", ("high", (long)(uint)(key >> 32)), ("low", (long)(uint)key)) > 0;
    }

    public override bool IsDuplicate(DbException fault) => fault is PostgresException { SqlState: UniqueViolation };

    public override bool IsConflict(Exception fault) => fault is PostgresException known && Conflicts.Contains(known.SqlState);

    public override bool IsLost(Exception fault) => fault switch
    {
        PostgresException known => Endings.Contains(known.SqlState) || known.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException => true,
        _ => false,
    };

    private NpgsqlConnection Open(string settings)
    {
        NpgsqlConnection connection = new(ConnectionString());
        try
        {
            connection.Open();
            using NpgsqlCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constant texts.
            command.CommandText = settings;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
            return connection;
        }
        catch (Exception fault) when (fault is DbException or IOException or TimeoutException or ArgumentException)
        {
            connection.Dispose();
            throw new DatabaseException($"The database {server} cannot be reached: {ServerFault.Text(fault)}", fault);
        }
    }

    private string ConnectionString() => new NpgsqlConnectionStringBuilder
    {
        Host = server.Host,
        Port = server.Port,
        Database = server.Database,
        Username = server.User,
        Password = server.Password,
        SslMode = server.Tls switch
        {
            DatabaseTls.Disable => SslMode.Disable,
            DatabaseTls.Prefer => SslMode.Prefer,
            DatabaseTls.Require => SslMode.Require,
            DatabaseTls.VerifyCa => SslMode.VerifyCA,
            _ => SslMode.VerifyFull,
        },
        RootCertificate = server.RootCertificate,
        Timeout = Math.Max(1, (int)options.ConnectTimeout.TotalSeconds),
        CommandTimeout = 30,
        TcpKeepAlive = true,
        TcpKeepAliveTime = 10,
        TcpKeepAliveInterval = 5,
        // The connections are held here.
        Pooling = false,
        Enlist = false,
        MaxAutoPrepare = 200,
        AutoPrepareMinUsages = 2,
        ApplicationName = _application,
        IncludeErrorDetail = false,
    }.ToString();

    private static string Holder(Session session, long key) => session.First(
        """
        SELECT a.application_name, COALESCE(host(a.client_addr), 'a local socket'), a.pid
        FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE
        """ + IsLock,
        static row => $"{row.GetString(0)}, from {row.GetString(1)}, process {row.GetInt32(2).ToString(CultureInfo.InvariantCulture)} of the server",
        ("high", (long)(uint)(key >> 32)), ("low", (long)(uint)key)) ?? "it has just ended";

    // What the server keeps of a name: 63 bytes.
    private static string Shortened(string text) => text.Length <= 63 ? text : text[..63];
}
