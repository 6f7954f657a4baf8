using Kipuka.Sdk.Audit;
using Kipuka.Store;

namespace Kipuka.Audit;

/// <summary>Reads the journal of all nodes as it grows. For one reader at a time.</summary>
internal sealed class AuditFeed
{
    private const int Batch = 200;

    // Nodes' clocks may differ, and a commit comes a little after the time that its records bear.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);

    private readonly Journal _journal;
    private readonly AuditFilter _filter;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, long> _positions = [];
    private DateTimeOffset _since;

    private AuditFeed(Journal journal, AuditFilter filter, TimeProvider clock) => (_journal, _filter, _clock) = (journal, filter, clock);

    /// <param name="journal">The journal.</param>
    /// <param name="filter">What of it.</param>
    /// <param name="last">The last record the reader has; null to begin now.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancel">The reader has gone.</param>
    public static async Task<AuditFeed> OpenAsync(
        Journal journal, AuditFilter filter, (string Node, long Sequence)? last, TimeProvider clock, CancellationToken cancel)
    {
        var feed = new AuditFeed(journal, filter, clock) { _since = clock.GetUtcNow() };
        if (last is { } known)
        {
            feed._positions[known.Node] = known.Sequence;
            feed._since = await journal.SinceAsync(known.Node, known.Sequence, cancel) ?? feed._since;
        }
        else
        {
            foreach (var (node, _, newest) in await journal.RecentAsync(feed._since - Slack, cancel))
            {
                feed._positions[node] = newest;
            }
            feed._positions[journal.Node] = await journal.LastAsync(cancel);
        }
        return feed;
    }

    /// <summary>What there is now; <c>Behind</c> when there is more.</summary>
    public async Task<(List<AuditEvent> Records, bool Behind)> NextAsync(CancellationToken cancel)
    {
        List<AuditEvent> records = [];
        var behind = false;
        foreach (var (node, first, newest) in await _journal.RecentAsync(_since, cancel))
        {
            var after = _positions.TryGetValue(node, out var position) ? position : first - 1;
            if (after < newest)
            {
                var found = await _journal.BetweenAsync(_filter, node, after, newest, Batch, cancel);
                records.AddRange(found);
                behind |= found.Count == Batch;
                // Whatever did not pass the filter is behind us too.
                after = found.Count == Batch ? found[^1].Sequence : newest;
            }
            _positions[node] = after;
        }
        if (!behind && _clock.GetUtcNow() - Slack is var recent && recent > _since)
        {
            _since = recent;
        }
        return (records, behind);
    }
}
