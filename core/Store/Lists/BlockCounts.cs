namespace Kipuka.Store;

/// <summary>How many rows of each block pass one filter. Used by one caller at a time.</summary>
internal sealed class BlockCounts(TimeProvider clock, bool moves)
{
    // Other nodes revoke, and time goes on; elsewhere only what an archive takes away changes.
    private readonly TimeSpan _fresh = moves ? TimeSpan.FromSeconds(60) : TimeSpan.FromHours(1);
    private readonly Dictionary<long, Counted> _counts = [];

    public bool Moves => moves;

    /// <summary>Greater for the list that was asked for later.</summary>
    public long Used { get; set; }

    /// <summary>What is known of a block, and whether that is recent enough not to be counted again when there is time.</summary>
    public (long? Count, bool IsFresh) Of(Block block) => _counts.TryGetValue(block.Begin, out Counted? counted) && counted.End == block.End
        ? (counted.Rows, clock.GetElapsedTime(counted.At) < _fresh)
        : (null, false);

    public void Keep(Block block, long rows) => _counts[block.Begin] = new Counted(block.End, rows, clock.GetTimestamp());

    public void Forget(long begin) => _counts.Remove(begin);

    private sealed record Counted(long End, long Rows, long At);
}
