using System.Collections.Concurrent;

namespace Kipuka.Store;

/// <summary>Who counts blocks does so one after the other, and in turns, so that nobody holds a connection for long.</summary>
#pragma warning disable CA1001 // A semaphore holds nothing to release unless its wait handle is asked for.
internal sealed class BlockTurns(Database database)
{
    private const int MostTouched = 1000;

    // Held while the database is read, so nothing that runs on the writer's thread waits for it: that only leaves a note.
    private readonly SemaphoreSlim _one = new(1);
    private readonly ConcurrentQueue<long> _touched = [];
    private volatile bool _forget;

    /// <summary>Runs a turn again and again, until it says that it was the last one.</summary>
    public async Task RunAsync(Func<Session, bool> turn, CancellationToken cancel)
    {
        while (!await TurnAsync(turn, cancel))
        {
        }
    }

    /// <summary>A row has changed. Never waits.</summary>
    public void Touch(long key)
    {
        if (_touched.Count < MostTouched)
        {
            _touched.Enqueue(key);
        }
        else
        {
            _forget = true;
        }
    }

    /// <summary>Rows are gone. Never waits.</summary>
    public void Forget() => _forget = true;

    /// <summary>In a turn: what was noted since the last one.</summary>
    public void TakeNotes(Action forget, Action<long> touch)
    {
        if (_forget)
        {
            _forget = false;
            forget();
        }

        while (_touched.TryDequeue(out long key))
        {
            touch(key);
        }
    }

    private async Task<bool> TurnAsync(Func<Session, bool> turn, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            return await database.ReadAsync(turn, cancel);
        }
        finally
        {
            _one.Release();
        }
    }
}
