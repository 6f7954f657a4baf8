using System.Data.Common;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Kipuka.Store;

/// <summary>Brings a database to this program's schema. Forward only; each migration and its record in one transaction.</summary>
internal static class Migrator
{
    private const string CreateTable =
        "CREATE TABLE IF NOT EXISTS schema_migrations " +
        "(number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL)";

    /// <summary>All migrations, applied or pending. Changes nothing, and works beside a running server.</summary>
    public static Task<IReadOnlyList<Migration>> StatusAsync(DatabaseOptions options, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Dialect dialect = new SqliteDialect(options);
        IReadOnlyList<MigrationScript> scripts = MigrationScript.Of(dialect.Engine);
        if (options.FilePath is null || !File.Exists(options.FilePath))
        {
            return Task.FromResult(Merge(scripts, []));
        }

        using Session session = new(dialect.OpenReader()!);
        return Task.FromResult(Merge(scripts, Check(scripts, Recorded(session, dialect))));
    }

    /// <summary>Applies what is pending.</summary>
    /// <returns>What was applied now.</returns>
    public static Task<IReadOnlyList<Migration>> RunAsync(
        DatabaseOptions options, TimeProvider clock, ILogger log, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Dialect dialect = new SqliteDialect(options);
        using IDisposable claim = dialect.Claim(log);
        using DbConnection connection = dialect.OpenWriter();
        return Task.FromResult(Prepare(connection, dialect, apply: true, clock, log));
    }

    /// <summary>Applies what is pending, or refuses.</summary>
    internal static IReadOnlyList<Migration> Prepare(DbConnection connection, Dialect dialect, bool apply, TimeProvider clock, ILogger log)
    {
        IReadOnlyList<MigrationScript> scripts = MigrationScript.Of(dialect.Engine);
        Session session = new(connection);
        Dictionary<int, Row> recorded = Check(scripts, Recorded(session, dialect));
        List<MigrationScript> pending = [.. scripts.Where(script => !recorded.ContainsKey(script.Number))];
        if (pending.Count > 0 && !apply)
        {
            throw new DatabaseException(
                $"The database lacks {pending.Count} migrations ({string.Join(", ", pending.Select(script => script.Name))}): " +
                "run `kipuka migrate`, or set auto_migrate = true.");
        }

        session.Execute(CreateTable);
        return [.. pending.Select(script => Apply(session, dialect, script, clock, log))];
    }

    private static Migration Apply(Session session, Dialect dialect, MigrationScript script, TimeProvider clock, ILogger log)
    {
        long started = Stopwatch.GetTimestamp();
        DateTimeOffset now = clock.GetUtcNow();
        session.Execute(dialect.Begin);
        try
        {
            session.Execute(script.Sql);
            session.Execute(
                "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (@number, @name, @checksum, @now)",
                ("number", script.Number), ("name", script.Name), ("checksum", script.Checksum), ("now", now));
            session.Execute("COMMIT");
        }
        catch (DbException fault)
        {
            session.Execute("ROLLBACK");
            throw new DatabaseException($"Migration {script.Name} failed and changed nothing: {fault.Message}", fault);
        }

        log.LogInformation("Applied migration {Name}", script.Name);
        return new Migration(script.Number, script.Name, now, Stopwatch.GetElapsedTime(started));
    }

    private static Dictionary<int, Row> Recorded(Session session, Dialect dialect)
    {
        try
        {
            return session.Number(dialect.HasMigrations) > 0
                ? session.All(
                    "SELECT number, name, checksum, applied_at FROM schema_migrations ORDER BY number",
                    row => new Row(row.GetInt32(0), row.GetString(1), row.GetString(2), row.Time(3))).ToDictionary(row => row.Number)
                : [];
        }
        catch (DbException fault)
        {
            // The first statement that looks inside: a file that is something else is found out here.
            throw new DatabaseException($"The database cannot be read: {fault.Message}", fault);
        }
    }

    private static Dictionary<int, Row> Check(IReadOnlyList<MigrationScript> scripts, Dictionary<int, Row> recorded)
    {
        foreach (Row row in recorded.Values)
        {
            MigrationScript script = scripts.FirstOrDefault(script => script.Number == row.Number) ?? throw new DatabaseException(
                $"The database is newer than this program: it has migration {row.Name}, the program ends at " +
                $"{scripts[^1].Name}. Run the newer program, or restore the backup made before it migrated.");
            if (script.Checksum != row.Checksum)
            {
                throw new DatabaseException(
                    $"Migration {row.Name} was applied with another text than this program's (checksum {row.Checksum}, " +
                    $"now {script.Checksum}). A released migration never changes: run the program that made this database.");
            }
        }

        return recorded;
    }

    private static IReadOnlyList<Migration> Merge(IReadOnlyList<MigrationScript> scripts, Dictionary<int, Row> recorded) =>
        [.. scripts.Select(script => new Migration(script.Number, script.Name, recorded.GetValueOrDefault(script.Number)?.AppliedAt))];

    private sealed record Row(int Number, string Name, string Checksum, DateTimeOffset AppliedAt);
}
