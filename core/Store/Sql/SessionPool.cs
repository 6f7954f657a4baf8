using System.Collections.Concurrent;

namespace Kipuka.Store;

/// <summary>The connections that read. A read runs on its caller's thread: it is short, and the file is in the page cache.</summary>
internal sealed class SessionPool(int max, Func<Session> open) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(max, max);
    private readonly ConcurrentStack<Session> _idle = [];

    public int Active => max - _free.CurrentCount;

    public int Idle => _idle.Count;

    public async Task<T> RunAsync<T>(Func<Session, T> work, CancellationToken cancel)
    {
        await _free.WaitAsync(cancel);
        Session? session = null;
        try
        {
            session = _idle.TryPop(out Session? idle) ? idle : open();
            T result = work(session);
            _idle.Push(session);
            return result;
        }
        catch
        {
            // A connection that failed once is not trusted again.
            session?.Dispose();
            throw;
        }
        finally
        {
            _free.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Whoever reads now may finish; nobody begins again.
        for (int i = 0; i < max; i++)
        {
            await _free.WaitAsync();
        }

        while (_idle.TryPop(out Session? session))
        {
            session.Dispose();
        }
    }
}
