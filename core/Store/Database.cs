using System.Data.Common;
using Kipuka.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kipuka.Store;

/// <summary>The database of this process: one writer with group commit, and connections that read. With a single connection the writer reads too.</summary>
internal sealed class Database : IAsyncDisposable
{
    private const int QueuedWrites = 1024;

    private readonly IDisposable _claim;
    private readonly WriteQueue _queue = new(QueuedWrites);
    private readonly Writer _writer;
    private readonly SessionPool? _readers;
    private readonly NodeBeats? _beats;
    private readonly DatabaseOptions _options;
    private int _disposed;

    private Database(DatabaseOptions options, IDisposable claim, WriterSession writer, TimeProvider clock, ILogger log)
    {
        (_options, Dialect, _claim, Clock) = (options, writer.Dialect, claim, clock);
        _writer = new Writer(writer, _queue, log);
        if (!IsInMemory && options.MaxConnections > 1)
        {
            _readers = new SessionPool(options.MaxConnections - 1, Dialect);
        }

        _beats = Dialect.Watch is { } watch ? new NodeBeats(this, watch) : null;
    }

    public string Engine => Dialect.Engine;

    public bool IsInMemory => _options.IsInMemory;

    public string Node => _options.Node;

    /// <summary>Whether other processes write into it too.</summary>
    public bool IsShared => Dialect.IsShared;

    public TimeProvider Clock { get; }

    public PoolFigures Pool => new(_options.MaxConnections, 1 + (_readers?.Active ?? 0), _readers?.Idle ?? 0, _queue.Count);

    internal Dialect Dialect { get; }

    /// <summary>Takes the database for this process and opens it, with every migration applied.</summary>
    /// <exception cref="DatabaseException">It is in use, missing its folder, newer than the program, or not migrated.</exception>
    public static Task<Database> OpenAsync(DatabaseOptions options, TimeProvider clock, ILogger log, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Dialect dialect = Dialect.Of(options);
        IDisposable claim = dialect.Claim(log);
        Session? session = null;
        try
        {
            session = new Session(dialect.OpenWriter(), dialect);
            Migrator.Prepare(session, options.AutoMigrate || options.IsInMemory, clock, log);
            NodeClaim? node = dialect.TakeNode(session, former: null);
            return Task.FromResult(new Database(options, claim, new WriterSession(dialect, options, session, node, log), clock, log));
        }
        catch (Exception fault)
        {
            session?.Dispose();
            claim.Dispose();
            throw fault is DbException ? new DatabaseException($"The database cannot be used: {ServerFault.Text(fault)}", fault) : fault;
        }
    }

    /// <summary>Completes when the database answers and, should the last commit have failed, takes a write again.</summary>
    public async Task ProbeAsync(CancellationToken cancel)
    {
        await ReadAsync(static session => session.Number("SELECT COUNT(*) FROM schema_migrations"), cancel);
        if (_writer.Fault is not null)
        {
            // A real write: nobody may be left to find out that the disk has room again, because health keeps them all away.
            await WriteAsync(static batch => batch.Session.Execute("UPDATE schema_migrations SET name = name WHERE number = 1"), cancel);
        }
    }

    /// <summary>Runs work in the next transaction; complete when that is durable.</summary>
    /// <remarks>
    /// The work runs on the writer's thread and is short. If it throws, or sets <see cref="WriteBatch.Undo"/>, nothing of it remains.
    /// Cancelled means that it never began.
    /// </remarks>
    internal async Task<T> WriteAsync<T>(Func<WriteBatch, T> work, CancellationToken cancel)
    {
        WriteJob<T> job = new(work, cancel);
        return await MeasureAsync("write", async () =>
        {
            await _queue.AddAsync(job, cancel);
            return await job.Done;
        });
    }

    /// <summary>Runs work with the next transaction that somebody waits for, after a second at the latest.</summary>
    internal Task<T> WriteLater<T>(Func<WriteBatch, T> work)
    {
        WriteJob<T> job = new(work, CancellationToken.None);
        _queue.AddLater(job);
        return job.Done;
    }

    /// <summary>Reads what is committed. The work is short and keeps nothing of the session.</summary>
    internal Task<T> ReadAsync<T>(Func<Session, T> work, CancellationToken cancel) =>
        _readers is null ? WriteAsync(batch => work(batch.Session), cancel) : MeasureAsync("read", () => _readers.RunAsync(work, cancel));

    private async Task<T> MeasureAsync<T>(string access, Func<Task<T>> work)
    {
        long began = Clock.GetTimestamp();
        string outcome = "failed";
        try
        {
            T result = await work();
            outcome = "done";
            return result;
        }
        finally
        {
            Metrics.Store.Record(Clock.GetElapsedTime(began).TotalSeconds, new("access", access), new("outcome", outcome));
        }
    }

    /// <summary>Finishes what is queued, then gives the database free.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _beats?.Dispose();
        _queue.Close();
        if (_readers is not null)
        {
            await _readers.DisposeAsync();
        }

        await _writer.Ended;
        _queue.Dispose();
        _claim.Dispose();
    }
}
