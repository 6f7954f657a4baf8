using System.Collections.Concurrent;
using System.Data.Common;

namespace Kipuka.Store;

/// <summary>
/// The connections that read. A read runs on its caller's thread: it is short. Where it waits for a server, as many threads as there are
/// connections may wait at once, which the thread pool is told.
/// </summary>
internal sealed class SessionPool : IAsyncDisposable
{
    private readonly int _max;
    private readonly Dialect _dialect;
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentStack<Session> _idle = [];

    public SessionPool(int max, Dialect dialect)
    {
        (_max, _dialect, _free) = (max, dialect, new SemaphoreSlim(max, max));
        if (dialect.IsServer)
        {
            ThreadPool.GetMinThreads(out int workers, out int ports);
            ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + max), ports);
        }
    }

    public int Active => _max - _free.CurrentCount;

    public int Idle => _idle.Count;

    /// <exception cref="DatabaseException">The server cannot be reached, or was lost.</exception>
    public async Task<T> RunAsync<T>(Func<Session, T> work, CancellationToken cancel)
    {
        await _free.WaitAsync(cancel);
        try
        {
            return Run(work);
        }
        finally
        {
            _free.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Whoever reads now may finish; nobody begins again.
        for (int i = 0; i < _max; i++)
        {
            await _free.WaitAsync();
        }

        Clear();
    }

    private T Run<T>(Func<Session, T> work)
    {
        bool wasIdle = _idle.TryPop(out Session? session);
        session ??= new Session(_dialect.OpenReader()!, _dialect);
        try
        {
            T result = work(session);
            _idle.Push(session);
            return result;
        }
        catch (Exception fault)
        {
            // A connection that failed once is not trusted again.
            session.Dispose();
            if (!_dialect.IsServer || !IsLost(fault, session))
            {
                // Such as a member of a cluster that is behind for too long.
                if (_dialect.IsConflict(fault))
                {
                    throw new DatabaseException($"The database did not answer a read: {ServerFault.Text(fault)}", fault);
                }

                throw;
            }

            // It may have been dead for long, like the others that lie idle; a new one is the truth. Reading twice harms nobody.
            Clear();
            return wasIdle
                ? Run(work)
                : throw new DatabaseException($"The database was lost while reading: {ServerFault.Text(fault)}", fault);
        }
    }

    private bool IsLost(Exception fault, Session session) =>
        _dialect.IsLost(fault) || (fault is DbException && session.Connection.State != System.Data.ConnectionState.Open);

    private void Clear()
    {
        while (_idle.TryPop(out Session? session))
        {
            session.Dispose();
        }
    }
}
