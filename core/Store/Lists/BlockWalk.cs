using System.Diagnostics.CodeAnalysis;

namespace Kipuka.Store;

/// <summary>A way along the blocks, newest first: what is known of a block is taken, what is not is counted while there is time.</summary>
/// <param name="clock">The time.</param>
/// <param name="count">Counts a block, and says when that will not be so any more; null: only a change of a row makes it wrong.</param>
internal sealed class BlockWalk<T>(TimeProvider clock, Func<Session, Block, (T Value, DateTimeOffset? Until)> count)
{
    /// <summary>New rows come into the newest block; transactions of other nodes that end late, and their clocks, may touch the one before it.</summary>
    private const int Open = 2;

    /// <summary>How long it has a connection before others get a turn.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(50);

    private readonly long _began = clock.GetTimestamp();
    private int _seen;
    private Block? _at;
    private Block? _late;
    private bool _hasCounted;

    /// <summary>Whether all blocks were taken.</summary>
    public bool IsComplete => _seen > 0 && _at is null;

    /// <summary>Goes on for a turn.</summary>
    /// <param name="session">Whose connection.</param>
    /// <param name="bounds">Where the blocks begin.</param>
    /// <param name="counts">What is known of them.</param>
    /// <param name="limit">How long all turns may count, as it is now.</param>
    /// <param name="take">Is given each block once.</param>
    /// <returns>Whether the walk is at its end, or its time is over.</returns>
    public bool Go(Session session, BlockBounds bounds, BlockCounts<T> counts, Func<TimeSpan> limit, Action<Block, T> take)
    {
        if (_seen == 0)
        {
            _at = bounds.Newest(session);
        }

        long turn = clock.GetTimestamp();
        while (_at is { } at)
        {
            if (!Find(session, at, counts, limit(), out T? value))
            {
                return true;
            }

            take(at, value);
            _seen++;
            _at = bounds.Below(session, at);
            if (_at is not null && clock.GetElapsedTime(turn) > Turn)
            {
                return false;
            }
        }

        counts.Passed(_late);
        return true;
    }

    /// <returns>False when nobody knows, and there is no time left to count.</returns>
    private bool Find(Session session, Block at, BlockCounts<T> counts, TimeSpan limit, [MaybeNullWhen(false)] out T value)
    {
        if (_seen < Open)
        {
            value = count(session, at).Value;
            return true;
        }

        Counted<T>? known = counts.Of(at);
        TimeSpan took = clock.GetElapsedTime(_began);
        // What is old gets half of the time, so that what a change made unknown is counted in any case; one is, however slow the database.
        if (known is null ? took < limit || !_hasCounted : counts.IsDue(known, at) && took < limit / 2)
        {
            _hasCounted |= known is null;
            value = counts.Keep(at, count(session, at));
            return true;
        }

        if (known is null)
        {
            value = default;
            return false;
        }

        if (counts.IsDue(known, at))
        {
            _late ??= at;
        }

        value = known.Value;
        return true;
    }
}
