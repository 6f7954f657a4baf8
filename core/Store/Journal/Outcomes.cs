namespace Kipuka.Store;

/// <summary>How requests ended, counted over time from the journal. What has been archived is not counted any more.</summary>
internal sealed class Outcomes(Database database)
{
    /// <summary>How much is counted at a time, so that a year of many records holds no connection for as long as it takes.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromDays(7);

    internal const string Sql =
        """
        SELECT time - (time - @from) % @width - @from, event_type, label, ca, COUNT(*)
        FROM audit_log
        WHERE event_type IN ('cert.issued', 'cert.renewed', 'enroll.failure', 'reenroll.failure', 'cert.denied') AND time >= @from AND time < @to
        GROUP BY 1, 2, 3, 4
        """;

    /// <param name="from">The first time that counts, where the first bucket begins.</param>
    /// <param name="to">The first time that does not count.</param>
    /// <param name="width">How long a bucket is; at least a second.</param>
    /// <param name="cancel">Ends the wait for a connection.</param>
    public async Task<IReadOnlyList<Outcome>> CountAsync(DateTimeOffset from, DateTimeOffset to, TimeSpan width, CancellationToken cancel)
    {
        long micros = width.Ticks / TimeSpan.TicksPerMicrosecond;
        // Whole buckets a turn.
        long buckets = Math.Max(1, Turn.Ticks / width.Ticks);
        List<Outcome> outcomes = [];
        for (long first = 0; from + (first * width) < to; first += buckets)
        {
            DateTimeOffset begin = from + (first * width);
            DateTimeOffset end = to - begin <= buckets * width ? to : begin + (buckets * width);
            long offset = first;
            outcomes.AddRange(await database.ReadAsync(
                session => session.All(
                    Sql,
                    row => new Outcome((int)(offset + (row.GetInt64(0) / micros)), row.GetString(1), row.TextOrNull(2) ?? "", row.TextOrNull(3), row.GetInt64(4)),
                    ("from", begin), ("width", micros), ("to", end)),
                cancel));
        }

        return outcomes;
    }
}

/// <param name="Bucket">From 0.</param>
/// <param name="Event">The record's name.</param>
/// <param name="Label">Empty for the path without one.</param>
/// <param name="Authority">The CA's id, where the record has one.</param>
/// <param name="Count">How many.</param>
internal sealed record Outcome(int Bucket, string Event, string Label, string? Authority, long Count);
