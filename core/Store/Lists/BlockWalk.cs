namespace Kipuka.Store;

/// <summary>A request's way along the blocks, newest first.</summary>
/// <param name="query">Which rows.</param>
/// <param name="skip">How many rows come before the page.</param>
/// <param name="take">How many the page has at most.</param>
internal sealed class BlockWalk(ListQuery query, long skip, int take)
{
    /// <summary>New rows come into the newest block; transactions of other nodes that end late, and their clocks, may touch the one before it.</summary>
    private const int Open = 2;

    private int _seen;

    public ListQuery Query => query;

    /// <summary>How many rows were found so far.</summary>
    public long Total { get; private set; }

    /// <summary>Where the walk is; null before its begin and after its end.</summary>
    public Block? At { get; private set; }

    public bool HasBegun => _seen > 0 || At is not null;

    /// <summary>Whether the page may have rows in what was not seen yet.</summary>
    public bool NeedsMore => Total < skip + take;

    /// <summary>Whether the block may have changed since it was counted, however short that is ago.</summary>
    public bool IsOpen => _seen < Open;

    /// <summary>The blocks in which the page has rows.</summary>
    public List<Block> Found { get; } = [];

    public void Begin(Block newest) => At = newest;

    /// <summary>Takes what the block has, and goes on to the one below.</summary>
    public void Take(long count, Block? below)
    {
        if (count > 0 && NeedsMore && Total + count > skip)
        {
            Found.Add(At! with { Before = Total });
        }

        Total += count;
        _seen++;
        At = below;
    }
}
