using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Kipuka.Store;

/// <summary>MariaDB, alone or as a Galera cluster: many nodes, one database. A node's name is a lock of its writing session.</summary>
internal sealed class MariaDialect(DatabaseOptions options, DatabaseServer server) : Dialect
{
    public const string Name = "mariadb";

    private const int DuplicateKey = 1062;

    /// <summary>A deadlock, a lock waited for too long, a row changed since it was read. A Galera cluster says the first at COMMIT too.</summary>
    private static readonly HashSet<int> Conflicts = [1213, 1205, 1020];

    /// <summary>Too many connections, shutdown, aborted, killed, read-only, not part of its cluster.</summary>
    private static readonly HashSet<int> Endings = [1040, 1047, 1053, 1077, 1079, 1152, 1158, 1159, 1160, 1161, 1184, 1290, 1317, 1927, 2006, 2013];

    public override string Engine => Name;

    public override string Begin => "START TRANSACTION";

    public override string HasMigrations =>
        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'schema_migrations'";

    public override string CreateMigrations =>
        "CREATE TABLE IF NOT EXISTS schema_migrations (number INT NOT NULL PRIMARY KEY, name VARCHAR(255) NOT NULL, " +
        "checksum VARCHAR(64) NOT NULL, applied_at BIGINT NOT NULL) " +
        "ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin";

    public override bool IsServer => true;

    public override IDisposable Claim(ILogger log) => Nothing.ToRelease;

    public override DbConnection OpenWriter() => Open("SET SESSION innodb_lock_wait_timeout = 10, wait_timeout = 31536000");

    public override DbConnection OpenReader() => Open("SET SESSION TRANSACTION READ ONLY");

    public override void LockSchema(Session session)
    {
        if (session.Number("SELECT GET_LOCK(@name, 600)", ("name", LockName("schema"))) != 1)
        {
            throw new DatabaseException("Another process migrates the database, for more than 10 minutes by now.");
        }
    }

    public override void UnlockSchema(Session session) => session.Number("SELECT RELEASE_LOCK(@name)", ("name", LockName("schema")));

    public override long? TakeNode(Session session, long? former)
    {
        string name = LockName("node/" + options.Node);
        if (former is { } before && session.Number("SELECT IS_USED_LOCK(@name)", ("name", name)) == before)
        {
            End(session, before);
        }

        if (session.Number("SELECT GET_LOCK(@name, @seconds)", ("name", name), ("seconds", Seconds)) == 1)
        {
            return session.Number("SELECT CONNECTION_ID()");
        }

        long? holder = session.Number("SELECT IS_USED_LOCK(@name)", ("name", name));
        throw NamedLock.Taken(options.Node, holder is null ? "it has just ended" : $"connection {holder} of the server");
    }

    public override bool IsNodeAlive(Session session, string node) =>
        session.Number("SELECT IS_USED_LOCK(@name)", ("name", LockName("node/" + node))) is not null;

    public override string InsertIfAbsent(string insert) => "INSERT IGNORE" + insert["INSERT".Length..];

    public override bool IsDuplicate(DbException fault) => MariaDriver.ErrorOf(fault) == DuplicateKey;

    public override bool IsConflict(Exception fault) => Conflicts.Contains(MariaDriver.ErrorOf(fault));

    public override bool IsLost(Exception fault) => MariaDriver.ErrorOf(fault) is var number && number != 0
        ? Endings.Contains(number)
        : fault is DbException or IOException or TimeoutException;

    private int Seconds => Math.Max(1, (int)options.ConnectTimeout.TotalSeconds);

    private string LockName(string name) => NamedLock.Text(server.Database, name);

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
        if (server.Tls >= DatabaseTls.VerifyCa && !MariaDriver.JudgesCertificates)
        {
            // Never less than was asked for.
            throw new DatabaseException(
                $"The database {server} is not opened: this build's driver for MariaDB cannot check the server's certificate. Use a build with " +
                "MySqlConnector (-p:MariaDriver=MySqlConnector), or a tunnel and sslmode=disable.");
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
            return connection;
        }
        catch (Exception fault) when (fault is DbException or IOException or TimeoutException or ArgumentException
            or System.Security.Authentication.AuthenticationException)
        {
            connection.Dispose();
            throw new DatabaseException($"The database {server} cannot be reached: {ServerFault.Text(fault)}", fault);
        }
    }

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
