namespace Kipuka.Store;

/// <summary>Counts what each CA has issued, a block of certificates once: it is counted again when one of them ends or is revoked.</summary>
internal sealed class FiguresCount(Database database)
{
    /// <summary>How long a request counts what nobody has counted yet.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly BlockTurns _turns = new(database);
    private readonly BlockBounds _bounds = CertificateRows.Source.Bounds(new ListQuery());

    // The age is for what other nodes revoke, which nobody tells.
    private readonly BlockCounts<IReadOnlyList<(string Authority, AuthorityFigures Figures)>> _counts =
        new(database.Clock, TimeSpan.FromMinutes(database.IsShared ? 10 : 60));

    public async Task<LedgerFigures> CountAsync(CancellationToken cancel)
    {
        Dictionary<string, AuthorityFigures> sums = [];
        BlockWalk<IReadOnlyList<(string Authority, AuthorityFigures Figures)>> walk = new(database.Clock, Count);
        await _turns.RunAsync(
            session =>
            {
                _turns.TakeNotes(static () => { }, key => _counts.Forget(_bounds.BeginOf(key)));
                return walk.Go(session, _bounds, _counts, static () => Limit, (_, found) => Add(sums, found));
            },
            cancel);
        return new LedgerFigures(sums, walk.IsComplete);
    }

    /// <summary>A certificate was revoked. Never waits.</summary>
    public void Touch(long id) => _turns.Touch(id);

    private (IReadOnlyList<(string, AuthorityFigures)>, DateTimeOffset?) Count(Session session, Block block)
    {
        DateTimeOffset now = database.Clock.GetUtcNow();
        DateTimeOffset today = new(now.UtcDateTime.Date, TimeSpan.Zero);
        List<(string Authority, AuthorityFigures Figures, DateTimeOffset? End)> found = CertificateRows.Figures(session, block, today, now);
        // One is active at its end still.
        DateTimeOffset? until = found.Min(static one => one.End)?.AddTicks(TimeSpan.TicksPerMicrosecond);
        if (found.Exists(static one => one.Figures.IssuedToday > 0) && !(until < today.AddDays(1)))
        {
            until = today.AddDays(1);
        }

        return ([.. found.Select(static one => (one.Authority, one.Figures))], until);
    }

    private static void Add(Dictionary<string, AuthorityFigures> sums, IReadOnlyList<(string Authority, AuthorityFigures Figures)> found)
    {
        foreach ((string authority, AuthorityFigures figures) in found)
        {
            sums[authority] = sums.TryGetValue(authority, out AuthorityFigures? sum) ? sum.And(figures) : figures;
        }
    }
}
