namespace Kipuka.Store;

/// <summary>A list of rows, newest first, in pages, each as quick as the first and with the total of all of them.</summary>
/// <remarks>
/// The table grows at its end, so it is divided into blocks, and how many rows of a block pass a filter is counted once and kept: what comes
/// before a page is found by adding up numbers in memory and reading one block or two. What was never counted is counted newest first,
/// for a second, or longer while the page has rows to find; the next request for the same list goes on from there.
/// </remarks>
internal sealed class BlockList<T>(Database database, ListSource<T> source)
{
    private const int MostLists = 32;

    /// <summary>How long a request counts what nobody has counted yet, for the total.</summary>
    private static readonly TimeSpan ForTotal = TimeSpan.FromSeconds(1);

    /// <summary>How long it does for a page that is not full: shorter than those who ask wait.</summary>
    private static readonly TimeSpan ForPage = TimeSpan.FromSeconds(10);

    private readonly BlockTurns _turns = new(database);
    private readonly BlockBounds _bounds = source.Bounds(new ListQuery());
    private readonly Dictionary<string, List> _lists = [];
    private long _use;

    /// <param name="query">Which rows.</param>
    /// <param name="page">From 1.</param>
    /// <param name="perPage">At least 1.</param>
    /// <param name="cancel">Ends the work between two turns.</param>
    public async Task<Listed<T>> PageAsync(ListQuery query, int page, int perPage, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(page, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(perPage, 1);
        long skip = (page - 1L) * perPage;
        PageWalk found = new(skip, perPage);
        BlockWalk<long> walk = new(
            database.Clock, (session, block) => (session.Number(source.CountSql(query), [.. Values(query, block)])!.Value, null));
        await _turns.RunAsync(
            session =>
            {
                _turns.TakeNotes(Clear, Forget);
                List list = Find(query);
                return walk.Go(session, list.Bounds, list.Counts, () => found.NeedsMore ? ForPage : ForTotal, found.Take);
            },
            cancel);
        List<T> rows = [];
        foreach (Block block in found.Found)
        {
            int left = perPage - rows.Count;
            long over = Math.Max(0, skip - block.Before);
            rows.AddRange(await database.ReadAsync(
                session => session.All(source.RowsSql(query), source.Read, [.. Values(query, block), ("limit", left), ("skip", over)]), cancel));
        }

        return new Listed<T>(found.Total, walk.IsComplete, rows);
    }

    /// <summary>A row has changed: who passes a filter may be another one now. Never waits.</summary>
    public void Touch(long key) => _turns.Touch(key);

    /// <summary>Rows are gone. Never waits.</summary>
    public void Forget() => _turns.Forget();

    private void Clear()
    {
        _lists.Clear();
        _bounds.Clear();
    }

    private void Forget(long key)
    {
        foreach (List list in _lists.Values.Where(static list => list.Moves))
        {
            list.Counts.Forget(list.Bounds.BeginOf(key));
        }
    }

    private List Find(ListQuery query)
    {
        string identity = query.Identity;
        if (!_lists.TryGetValue(identity, out List? list))
        {
            if (_lists.Count >= MostLists)
            {
                // Best one that is so short that nothing was lost with it.
                _lists.Remove(_lists.MinBy(static one => (one.Value.Counts.Count > 0, one.Value.Used)).Key);
            }

            // Other nodes change rows, and time goes on; elsewhere only what an archive takes away changes.
            TimeSpan fresh = query.Moves ? TimeSpan.FromSeconds(60) : TimeSpan.FromHours(1);
            BlockBounds bounds = query.Within is null ? _bounds : source.Bounds(query);
            _lists[identity] = list = new List(bounds, new BlockCounts<long>(database.Clock, fresh), query.Moves);
        }

        list.Used = ++_use;
        return list;
    }

    private static (string Name, object? Value)[] Values(ListQuery query, Block block) =>
        [.. query.Values, ("blockBegin", block.Begin), ("blockEnd", block.End)];

    private sealed record List(BlockBounds Bounds, BlockCounts<long> Counts, bool Moves)
    {
        /// <summary>Greater for the list that was asked for later.</summary>
        public long Used { get; set; }
    }
}
