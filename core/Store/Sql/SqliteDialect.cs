using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Kipuka.Store;

/// <summary>SQLite: one file, one process, write-ahead log, every commit on the disk before it is answered.</summary>
internal sealed class SqliteDialect(DatabaseOptions options) : Dialect
{
    private const int Constraint = 19;
    private const int PrimaryKey = 1555;
    private const int Unique = 2067;

    public override string Engine => "sqlite";

    public override bool IsShared => false;

    // IMMEDIATE takes the write lock at once, so that no statement in the middle finds the file busy.
    public override string Begin => "BEGIN IMMEDIATE";

    public override string HasMigrations => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'";

    public override string CreateMigrations =>
        "CREATE TABLE IF NOT EXISTS schema_migrations " +
        "(number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL)";

    public override bool IsServer => false;

    public override IDisposable Claim(ILogger log) => options.FilePath is { } path ? new SqliteFile(path, log) : Nothing.ToRelease;

    public override DbConnection OpenWriter() => Open(
        options.FilePath is null ? SqliteOpenMode.Memory : SqliteOpenMode.ReadWriteCreate,
        // 64 MiB of log between checkpoints: hashes spread a group over many index pages, so the default of 4 MiB would mean a
        // checkpoint after every few groups.
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16384; " +
        "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;");

    public override DbConnection? OpenReader() =>
        options.FilePath is null ? null : Open(SqliteOpenMode.ReadOnly, "PRAGMA temp_store = MEMORY;");

    public override bool IsDuplicate(DbException fault) =>
        fault is SqliteException { SqliteErrorCode: Constraint, SqliteExtendedErrorCode: PrimaryKey or Unique };

    private SqliteConnection Open(SqliteOpenMode mode, string pragmas)
    {
        int seconds = Math.Max(1, (int)options.ConnectTimeout.TotalSeconds);
        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = options.FilePath ?? ":memory:",
            Mode = mode,
            ForeignKeys = true,
            DefaultTimeout = seconds,
            // The connections are held here; a second pool below would keep the file open after dispose.
            Pooling = false,
        }.ToString());
        try
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constant texts and a number.
            command.CommandText = $"PRAGMA busy_timeout = {seconds * 1000}; {pragmas}";
#pragma warning restore CA2100
            command.ExecuteNonQuery();
            return connection;
        }
        catch (SqliteException fault)
        {
            connection.Dispose();
            throw new DatabaseException($"The database {options.FilePath} cannot be opened: {fault.Message}", fault);
        }
    }
}
