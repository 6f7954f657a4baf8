using System.Data.Common;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Kipuka.Store;

/// <summary>Brings a database to this program's schema. Forward only; each migration and its record in one transaction.</summary>
internal static class Migrator
{
    /// <summary>All migrations, applied or pending. Changes nothing, and works beside a running server.</summary>
    public static Task<IReadOnlyList<Migration>> StatusAsync(DatabaseOptions options, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Dialect dialect = Dialect.Of(options);
        IReadOnlyList<MigrationScript> scripts = MigrationScript.Of(dialect.Engine);
        if (options.Server is null && (options.FilePath is null || !File.Exists(options.FilePath)))
        {
            return Task.FromResult(Merge(scripts, []));
        }

        using Session session = new(dialect.OpenReader()!, dialect);
        return Task.FromResult(Merge(scripts, Check(scripts, Recorded(session))));
    }

    /// <summary>Applies what is pending.</summary>
    /// <returns>What was applied now.</returns>
    public static Task<IReadOnlyList<Migration>> RunAsync(
        DatabaseOptions options, TimeProvider clock, ILogger log, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Dialect dialect = Dialect.Of(options);
        using IDisposable claim = dialect.Claim(log);
        using Session session = new(dialect.OpenWriter(), dialect);
        return Task.FromResult(Prepare(session, apply: true, clock, log));
    }

    /// <summary>Applies what is pending, or refuses.</summary>
    internal static IReadOnlyList<Migration> Prepare(Session session, bool apply, TimeProvider clock, ILogger log)
    {
        IReadOnlyList<MigrationScript> scripts = MigrationScript.Of(session.Dialect.Engine);
        List<MigrationScript> pending = Pending(session, scripts);
        if (pending.Count == 0)
        {
            return [];
        }

        if (!apply)
        {
            throw new DatabaseException(
                $"The database lacks {pending.Count} migrations ({string.Join(", ", pending.Select(script => script.Name))}): " +
                "run `kipuka migrate`, or set auto_migrate = true.");
        }

        using IDisposable locked = session.Dialect.LockSchema(session);
        session.Execute(session.Dialect.CreateMigrations);
        // Another node may have been at it while this one waited.
        return [.. Pending(session, scripts).Select(script => Apply(session, script, clock, log))];
    }

    private static List<MigrationScript> Pending(Session session, IReadOnlyList<MigrationScript> scripts)
    {
        Dictionary<int, Row> recorded = Check(scripts, Recorded(session));
        return [.. scripts.Where(script => !recorded.ContainsKey(script.Number))];
    }

    private static Migration Apply(Session session, MigrationScript script, TimeProvider clock, ILogger log)
    {
        long started = Stopwatch.GetTimestamp();
        DateTimeOffset now = clock.GetUtcNow();
        session.Execute(session.Dialect.Begin);
        try
        {
            session.RunScript(script.Sql);
            session.Execute(
                "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (@number, @name, @checksum, @now)",
                ("number", script.Number), ("name", script.Name), ("checksum", script.Checksum), ("now", now));
            session.Execute("COMMIT");
        }
        catch (DbException fault)
        {
            throw new DatabaseException($"Migration {script.Name} failed{Undone(session)}: {ServerFault.Text(fault)}", fault);
        }

        log.LogInformation("Applied migration {Name}", script.Name);
        return new Migration(script.Number, script.Name, now, Stopwatch.GetElapsedTime(started));
    }

    // MariaDB commits after every statement that changes the schema; its scripts may be repeated from the start.
    private static string Undone(Session session)
    {
        try
        {
            session.Execute("ROLLBACK");
            return session.Dialect is MariaDialect ? "; what it did before that stands, and `kipuka migrate` goes on from there" : " and changed nothing";
        }
        catch (DbException)
        {
            return ", and the connection with it";
        }
    }

    private static Dictionary<int, Row> Recorded(Session session)
    {
        try
        {
            return session.Number(session.Dialect.HasMigrations) > 0
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
