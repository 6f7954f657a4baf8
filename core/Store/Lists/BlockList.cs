using System.Collections.Concurrent;

namespace Kipuka.Store;

/// <summary>A list of a table that grows at its end, in pages that cost the same however far back they are.</summary>
/// <remarks>
/// The table is divided into blocks of some thousand rows that follow each other by key. How many rows of a block pass a filter is counted once
/// and remembered, so a page's rows are found by adding up numbers in memory and reading one block or two. What was never counted is counted newest first,
/// for a second at most unless the page asked for needs more; the next request for the same list goes on from there.
/// </remarks>
#pragma warning disable CA1001 // A semaphore holds nothing to release unless its wait handle is asked for.
internal sealed class BlockList<T>(Database database, ListSource<T> source)
{
    private const int MostLists = 32;
    private const int MostTouched = 1000;

    /// <summary>How long a request counts what nobody has counted yet.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1);

    /// <summary>How long it has a connection, and the lists, before others get a turn.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(50);

    // Held while the database is read, so nothing that runs on the writer's thread waits for it: that only leaves a note.
    private readonly SemaphoreSlim _one = new(1);
    private readonly BlockBounds _bounds = new(source.OlderSql, source.NewerSql);
    private readonly Dictionary<string, BlockCounts> _lists = [];
    private readonly ConcurrentQueue<long> _touched = [];
    private volatile bool _forget;
    private long _use;

    /// <param name="query">Which rows.</param>
    /// <param name="page">From 1.</param>
    /// <param name="perPage">At least 1.</param>
    /// <param name="cancel">Ends the work between two turns.</param>
    public async Task<Listed<T>> PageAsync(ListQuery query, int page, int perPage, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(page, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(perPage, 1);
        long began = database.Clock.GetTimestamp();
        long skip = (page - 1L) * perPage;
        BlockWalk walk = new(query, skip, perPage);
        while (!await TurnAsync(session => Go(session, walk, began), cancel))
        {
        }

        List<T> rows = [];
        foreach (Block block in walk.Found)
        {
            int left = perPage - rows.Count;
            long over = Math.Max(0, skip - block.Before);
            rows.AddRange(await database.ReadAsync(
                session => session.All(source.RowsSql(query), source.Read, [.. Values(query, block), ("limit", left), ("skip", over)]), cancel));
        }

        return new Listed<T>(walk.Total, walk.At is null, rows);
    }

    /// <summary>A row has changed: who passes a filter may be another one now. Never waits.</summary>
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

    /// <returns>Whether the walk is at its end, or its time is over.</returns>
    private bool Go(Session session, BlockWalk walk, long began)
    {
        TakeNotes();
        BlockCounts counts = Counts(walk.Query);
        if (!walk.HasBegun)
        {
            walk.Begin(_bounds.Newest(session));
        }

        long turn = database.Clock.GetTimestamp();
        while (walk.At is { } at)
        {
            (long? known, bool isFresh) = walk.IsOpen ? (null, false) : counts.Of(at);
            bool hasTime = walk.IsOpen || walk.NeedsMore || database.Clock.GetElapsedTime(began) < Budget;
            if (known is null && !hasTime)
            {
                return true;
            }

            if (known is null || (!isFresh && hasTime))
            {
                known = session.Number(source.CountSql(walk.Query), [.. Values(walk.Query, at)])!.Value;
                counts.Keep(at, known.Value);
            }

            walk.Take(known.Value, _bounds.Below(session, at));
            if (database.Clock.GetElapsedTime(turn) > Turn)
            {
                return walk.At is null;
            }
        }

        return true;
    }

    private void TakeNotes()
    {
        if (_forget)
        {
            _forget = false;
            _lists.Clear();
            _bounds.Clear();
        }

        while (_touched.TryDequeue(out long key))
        {
            foreach (BlockCounts counts in _lists.Values.Where(static counts => counts.Moves))
            {
                counts.Forget(_bounds.BeginOf(key));
            }
        }
    }

    private BlockCounts Counts(ListQuery query)
    {
        string identity = query.Identity;
        if (!_lists.TryGetValue(identity, out BlockCounts? counts))
        {
            if (_lists.Count >= MostLists)
            {
                _lists.Remove(_lists.MinBy(static list => list.Value.Used).Key);
            }

            _lists[identity] = counts = new BlockCounts(database.Clock, query.Moves);
        }

        counts.Used = ++_use;
        return counts;
    }

    private static (string Name, object? Value)[] Values(ListQuery query, Block block) =>
        [.. query.Values, ("blockBegin", block.Begin), ("blockEnd", block.End)];
}
