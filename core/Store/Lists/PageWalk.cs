namespace Kipuka.Store;

/// <summary>The rows of a page, among those of the blocks that pass by.</summary>
/// <param name="skip">How many rows come before the page.</param>
/// <param name="take">How many the page has at most.</param>
internal sealed class PageWalk(long skip, int take)
{
    /// <summary>How many rows were found so far.</summary>
    public long Total { get; private set; }

    /// <summary>Whether the page may have rows in what was not seen yet.</summary>
    public bool NeedsMore => Total < skip + take;

    /// <summary>The blocks in which the page has rows.</summary>
    public List<Block> Found { get; } = [];

    public void Take(Block block, long count)
    {
        if (count > 0 && NeedsMore && Total + count > skip)
        {
            Found.Add(block with { Before = Total });
        }

        Total += count;
    }
}
