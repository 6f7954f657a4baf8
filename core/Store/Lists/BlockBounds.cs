namespace Kipuka.Store;

/// <summary>Rows that follow each other by key.</summary>
/// <param name="Begin">The least key.</param>
/// <param name="End">Above the greatest.</param>
internal sealed record Block(long Begin, long End)
{
    /// <summary>How many rows of the list come before those of the block.</summary>
    public long Before { get; init; }
}

/// <summary>Where the blocks of a list begin, found as they are needed from the newest back. Used by one caller at a time.</summary>
/// <param name="olderSql">Finds a key below another.</param>
/// <param name="newerSql">Finds a key above another.</param>
/// <param name="values">What both are asked with besides.</param>
internal sealed class BlockBounds(string olderSql, string newerSql, (string Name, object? Value)[] values)
{
    private const int Rows = 4096;
    private static readonly Comparer<long> NewestFirst = Comparer<long>.Create(static (a, b) => b.CompareTo(a));

    // Newest first. The last one is 0 once all are known.
    private readonly List<long> _begins = [];

    public Block Newest(Session session)
    {
        if (_begins.Count == 0)
        {
            _begins.Add(Older(session, long.MaxValue));
        }

        // The newest block grows to twice the size, then it is two.
        while (Newer(session, 2 * Rows) is not null && Newer(session, Rows) is { } cut)
        {
            _begins.Insert(0, cut);
        }

        return new Block(_begins[0], long.MaxValue);
    }

    /// <summary>The block before another one; null when that is the first of the table.</summary>
    public Block? Below(Session session, Block block)
    {
        if (block.Begin == 0)
        {
            return null;
        }

        int i = FirstBelow(block.Begin);
        if (i == _begins.Count)
        {
            _begins.Add(Older(session, block.Begin));
        }

        return new Block(_begins[i], block.Begin);
    }

    /// <summary>The begin of the block that has a key.</summary>
    public long BeginOf(long key) => FirstBelow(key + 1) is var i && i < _begins.Count ? _begins[i] : 0;

    public void Clear() => _begins.Clear();

    private int FirstBelow(long key)
    {
        int i = _begins.BinarySearch(key, NewestFirst);
        return i < 0 ? ~i : i + 1;
    }

    private long Older(Session session, long end) => session.Number(olderSql, [.. values, ("end", end), ("rows", Rows - 1)]) ?? 0;

    private long? Newer(Session session, int rows) => session.Number(newerSql, [.. values, ("begin", _begins[0]), ("rows", rows - 1)]);
}
