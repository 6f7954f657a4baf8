namespace Kipuka.Store;

/// <summary>What was counted of a block.</summary>
/// <param name="End">The block's, then.</param>
/// <param name="Value">What was counted.</param>
/// <param name="At">When, as a timestamp.</param>
/// <param name="Until">From then on it is another; null: not by time alone.</param>
internal sealed record Counted<T>(long End, T Value, long At, DateTimeOffset? Until);

/// <summary>What was counted of each block. Used by one caller at a time.</summary>
/// <param name="clock">The time.</param>
/// <param name="fresh">How long it is taken as it is.</param>
/// <remarks>
/// What is old is counted again only once there is nothing that was never counted, and goes on where the time was over: else the newest
/// blocks would take all the time there is.
/// </remarks>
internal sealed class BlockCounts<T>(TimeProvider clock, TimeSpan fresh)
{
    private readonly Dictionary<long, Counted<T>> _counts = [];
    private bool _isWhole;
    private long _goOnAt = long.MaxValue;

    public int Count => _counts.Count;

    public Counted<T>? Of(Block block) => _counts.TryGetValue(block.Begin, out Counted<T>? counted) && counted.End == block.End ? counted : null;

    /// <summary>Whether it is this block's turn to be counted again.</summary>
    public bool IsDue(Counted<T> counted, Block block) => _isWhole && block.Begin <= _goOnAt
        && (clock.GetElapsedTime(counted.At) >= fresh || clock.GetUtcNow() >= counted.Until);

    public T Keep(Block block, (T Value, DateTimeOffset? Until) counted)
    {
        _counts[block.Begin] = new Counted<T>(block.End, counted.Value, clock.GetTimestamp(), counted.Until);
        return counted.Value;
    }

    /// <summary>All blocks were passed.</summary>
    /// <param name="late">The first one that was due when there was no time left; null when none was.</param>
    public void Passed(Block? late) => (_isWhole, _goOnAt) = (true, late?.Begin ?? long.MaxValue);

    public void Forget(long begin) => _counts.Remove(begin);
}
