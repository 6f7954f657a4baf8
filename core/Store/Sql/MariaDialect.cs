using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;

namespace Kipuka.Store;

/// <summary>MariaDB, alone or as a Galera cluster: many nodes, one database.</summary>
/// <remarks>
/// A node's name is a lock of its writing session. Such a lock is known to one member of a cluster only, so there it is a row too. What is asked of a cluster
/// sees everything that was committed before, at whichever member.
/// </remarks>
internal sealed class MariaDialect(DatabaseOptions options, DatabaseServer server) : Dialect
{
    public const string Name = "mariadb";

    private const int DuplicateKey = 1062;

    /// <summary>Some versions refuse the locks of a session in a cluster.</summary>
    private const int NotSupported = 1235;

    private static readonly TimeSpan MigrationLimit = TimeSpan.FromMinutes(10);

    /// <summary>A deadlock, a lock waited for too long, a row changed since it was read. A Galera cluster says the first at COMMIT too.</summary>
    private static readonly HashSet<int> Conflicts = [1213, 1205, 1020];

    /// <summary>Too many connections, shutdown, aborted, killed, read-only, not part of its cluster, and a commit that the cluster did not take.</summary>
    private static readonly HashSet<int> Endings =
        [1040, 1047, 1053, 1077, 1079, 1152, 1158, 1159, 1160, 1161, 1180, 1184, 1290, 1317, 1927, 2006, 2013];

    private readonly ClusterName _name = new("commit_marks", options.Node, NodeWatch.Beat);
    private readonly NodeWatch _watch = new();
    private volatile bool _isCluster;

    public override string Engine => Name;

    public override string Begin => "START TRANSACTION";

    public override string HasMigrations =>
        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'schema_migrations'";

    public override string CreateMigrations =>
        "CREATE TABLE IF NOT EXISTS schema_migrations (number INT NOT NULL PRIMARY KEY, name VARCHAR(255) NOT NULL, " +
        "checksum VARCHAR(64) NOT NULL, applied_at BIGINT NOT NULL) " +
        "ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin";

    public override bool IsServer => true;

    public override NodeWatch? Watch => _isCluster ? _watch : null;

    public override IDisposable Claim(ILogger log) => Nothing.ToRelease;

    public override DbConnection OpenWriter() => Open("SET SESSION innodb_lock_wait_timeout = 10, wait_timeout = 31536000");

    public override DbConnection OpenReader() => Open("SET SESSION TRANSACTION READ ONLY");

    public override IDisposable LockSchema(Session session)
    {
        long began = Stopwatch.GetTimestamp();
        string name = LockName("schema");
        bool? locked = TryLock(session, name, (int)MigrationLimit.TotalSeconds);
        if (locked == false)
        {
            throw NamedLock.Migrating();
        }

        SessionLock here = new(() => session.Number("SELECT RELEASE_LOCK(@name)", ("name", name)));
        if (!_isCluster)
        {
            return here;
        }

        // Its own connection may be to another member, where a lock of this one says nothing.
        Session beats = new(OpenWriter(), this);
        string? member = MemberOf(beats);
        return new ClusterSchemaLock(
            beats, member ?? "", locked == true && member == MemberOf(session), () => Stopwatch.GetElapsedTime(began) < MigrationLimit, here);
    }

    public override NodeClaim? TakeNode(Session session, NodeClaim? former)
    {
        string name = LockName("node/" + options.Node);
        if (former?.Connection is { } before && OwnerOf(session, name).Connection == before)
        {
            End(session, before);
        }

        bool? locked = TryLock(session, name, Seconds);
        if (locked == false)
        {
            long? owner = OwnerOf(session, name).Connection;
            throw NamedLock.Taken(options.Node, owner is null ? "it has just ended" : $"connection {owner} of the server");
        }

        byte[]? holder = MemberOf(session) is { } member
            ? _name.Take(session, member, locked == true, static () => false)
            : NodeRows.Hold(session, options.Node);
        return new NodeClaim(
            session.Number("SELECT CONNECTION_ID()"), holder ?? throw NamedLock.Taken(options.Node, "its connection is to another member of the cluster"));
    }

    public override void LeaveNode(Session session, NodeClaim claim)
    {
        if (_isCluster)
        {
            _name.Leave(session, claim.Holder);
        }
    }

    public override bool IsNodeAlive(Session session, string node)
    {
        (bool isKnown, long? owner) = OwnerOf(session, LockName("node/" + node));
        return owner is not null
            || (_isCluster && ClusterName.MemberOf(session, node) is { } member
                && !(isKnown && member == MemberOf(session)) && _watch.MayLive(node));
    }

    public override string InsertIfAbsent(string insert) => "INSERT IGNORE" + insert["INSERT".Length..];

    public override bool IsDuplicate(DbException fault) => MariaDriver.ErrorOf(fault) == DuplicateKey;

    public override bool IsConflict(Exception fault) => Conflicts.Contains(MariaDriver.ErrorOf(fault));

    public override bool IsLost(Exception fault) => MariaDriver.ErrorOf(fault) is var number && number != 0
        ? Endings.Contains(number)
        : fault is DbException or IOException or TimeoutException;

    private bool TrustsSystem => server is { Tls: DatabaseTls.VerifyFull, RootCertificate: null };

    private int Seconds => Math.Max(1, (int)options.ConnectTimeout.TotalSeconds);

    private string LockName(string name) => NamedLock.Text(server.Database, name);

    /// <summary>Takes a lock of the session; null where the server has none.</summary>
    private static bool? TryLock(Session session, string name, int seconds)
    {
        try
        {
            return session.Number("SELECT GET_LOCK(@name, @seconds)", ("name", name), ("seconds", seconds)) == 1;
        }
        catch (DbException fault) when (MariaDriver.ErrorOf(fault) == NotSupported)
        {
            return null;
        }
    }

    /// <summary>The connection that has a lock, as far as this server knows.</summary>
    private static (bool IsKnown, long? Connection) OwnerOf(Session session, string name)
    {
        try
        {
            return (true, session.Number("SELECT IS_USED_LOCK(@name)", ("name", name)));
        }
        catch (DbException fault) when (MariaDriver.ErrorOf(fault) == NotSupported)
        {
            return (false, null);
        }
    }

    /// <summary>The member of a cluster that a session is at, until it starts anew; null where there is no cluster.</summary>
    private static string? MemberOf(Session session) =>
        session.First("SHOW GLOBAL STATUS LIKE 'wsrep_gcomm_uuid'", static row => row.GetString(1)) is { } member && IsMember(member) ? member : null;

    private static bool IsMember(string uuid) => uuid.AsSpan().ContainsAnyExcept('0', '-');

    // It may have ended by itself in between.
    private static void End(Session session, long connection)
    {
        try
        {
            session.Execute($"KILL {connection.ToString(CultureInfo.InvariantCulture)}");
        }
        catch (DbException)
        {
            // No such connection any more, which is what was wanted; were it another fault, the lock would not be got.
        }
    }

    private DbConnection Open(string settings)
    {
        if (server.Tls >= DatabaseTls.VerifyCa && !MariaDriver.TakesRoots && !TrustsSystem)
        {
            // Never less, and nothing else, than was asked for.
            throw new DatabaseException(
                $"The database {server} is not opened: this build's driver for MariaDB cannot check the server's certificate in this way. Use " +
                "sslmode=verify-full without sslrootcert, with the CA among those of the system (or in a file that the environment names in SSL_CERT_FILE), " +
                "or a build with MySqlConnector (-p:MariaDriver=MySqlConnector).");
        }

        DbConnection connection = MariaDriver.Factory.CreateConnection()!;
        try
        {
            connection.ConnectionString = ConnectionString();
            connection.Open();
            using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constant texts.
            command.CommandText =
                "SET SESSION sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO'; " +
                "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; " + settings;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
            Synchronize(command);
            return connection;
        }
        catch (Exception fault) when (fault is DbException or IOException or TimeoutException or ArgumentException
            or AuthenticationException)
        {
            connection.Dispose();
            throw new DatabaseException(
                IsDistrust(fault)
                    ? $"The database {server} is not opened: its certificate is not for {server.Host}, or not from a CA that this system trusts."
                    : $"The database {server} cannot be reached: {ServerFault.Text(fault)}",
                fault);
        }
    }

    // Reads, and the begin of a transaction, wait until everything is applied that was committed anywhere before. Without that a password that was just
    // made would be unknown, and a certificate that was just revoked good.
    private void Synchronize(DbCommand command)
    {
        command.CommandText = "SHOW GLOBAL STATUS LIKE 'wsrep_gcomm_uuid'";
        using (DbDataReader status = command.ExecuteReader())
        {
            _isCluster = status.Read() && IsMember(status.GetString(1));
        }

        if (_isCluster)
        {
            command.CommandText = "SET SESSION wsrep_sync_wait = 1";
            command.ExecuteNonQuery();
        }
    }

    // What the platform does not find flawless the driver wants to judge by itself, and lacks what it needs for that.
    private bool IsDistrust(Exception fault) => TrustsSystem && !MariaDriver.TakesRoots
        && fault is FileNotFoundException or { InnerException: FileNotFoundException } or AuthenticationException or { InnerException: AuthenticationException };

    private string ConnectionString()
    {
        // Words that both drivers know.
        DbConnectionStringBuilder text = new()
        {
            ["Server"] = server.Host,
            ["Port"] = server.Port,
            ["Database"] = server.Database,
            ["User ID"] = server.User,
            ["Password"] = server.Password ?? "",
            ["SslMode"] = server.Tls switch
            {
                DatabaseTls.Disable => "Disabled",
                DatabaseTls.Prefer => "Preferred",
                DatabaseTls.Require => "Required",
                DatabaseTls.VerifyCa => "VerifyCA",
                _ => "VerifyFull",
            },
            ["Connection Timeout"] = Seconds,
            ["Default Command Timeout"] = 30,
            ["CharSet"] = "utf8mb4",
            // The connections are held here.
            ["Pooling"] = false,
            ["Use Affected Rows"] = false,
            ["Treat Tiny As Boolean"] = false,
        };
        if (server.RootCertificate is { } file)
        {
            text["SslCa"] = file;
        }

        return text.ToString();
    }
}
