namespace Kipuka.Store;

/// <summary>Reads of the journal, from the server's own database or from one that another process has.</summary>
internal sealed class JournalReader : IDisposable
{
    private readonly Database? _database;
    private readonly Session? _session;

    public JournalReader(Database database) => _database = database;

    private JournalReader(Session session) => _session = session;

    /// <summary>Opens a database for reading only, also beside the server that has it.</summary>
    /// <exception cref="DatabaseException">It cannot be opened, or is not of this program's schema.</exception>
    public static async Task<JournalReader> OpenAsync(DatabaseOptions options, CancellationToken cancel)
    {
        IReadOnlyList<Migration> migrations = await Migrator.StatusAsync(options, cancel);
        if (migrations.FirstOrDefault(migration => migration.AppliedAt is null) is { } pending)
        {
            throw new DatabaseException(
                $"The database {options.Server?.ToString() ?? options.FilePath} lacks the migration {pending.Name}: start the server once, or run `kipuka migrate`.");
        }

        Dialect dialect = Dialect.Of(options);
        return new JournalReader(new Session(dialect.OpenReader()!, dialect));
    }

    public Task<T> ReadAsync<T>(Func<Session, T> work, CancellationToken cancel)
    {
        if (_database is not null)
        {
            return _database.ReadAsync(work, cancel);
        }

        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(work(_session!));
    }

    public void Dispose() => _session?.Dispose();
}
