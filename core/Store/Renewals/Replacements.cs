using System.Data.Common;

namespace Kipuka.Store;

/// <summary>Operators' wishes that certificates be renewed early. What it confirms is durable, with its journal records.</summary>
internal sealed class Replacements(Database database, Journal journal)
{
    /// <summary>Every question about a certificate looks at all of them.</summary>
    public const int Most = 1000;

    // Another node's changes are seen this much later; this node's at once.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(15);

    private volatile Known? _known;

    /// <summary>All of them, oldest first; from memory, most of the time.</summary>
    public async ValueTask<IReadOnlyList<Replacement>> CurrentAsync(CancellationToken cancel)
    {
        DateTimeOffset now = database.Clock.GetUtcNow();
        if (_known is { } known && now - known.Read < Fresh && now >= known.Read)
        {
            return known.All;
        }

        Known read = new(await ListAsync(cancel), now);
        _known = read;
        return read.All;
    }

    /// <summary>All of them, oldest first.</summary>
    public Task<List<Replacement>> ListAsync(CancellationToken cancel) => database.ReadAsync(
        static session => session.All(
            """
            SELECT id, starts_at, ends_at, reason, created_by, created_at, ca, label, serial, subject, issued_before, explanation_url
            FROM replacements ORDER BY created_at, id
            """,
            Read),
        cancel);

    /// <returns>False, and nothing is written, when there are <see cref="Most"/> already.</returns>
    public Task<bool> AddAsync(Replacement replacement, IReadOnlyList<AuditRecord> events, CancellationToken cancel) => database.WriteAsync(
        batch =>
        {
            Turns.Take(batch.Session, "replacements");
            if (batch.Session.Number("SELECT COUNT(*) FROM replacements") >= Most)
            {
                return false;
            }

            Insert(batch.Session, replacement);
            journal.Append(batch, events);
            batch.AfterCommit(Forget);
            return true;
        },
        cancel);

    /// <returns>False, and nothing is written, when there is none of this id.</returns>
    public Task<bool> LiftAsync(Guid id, IReadOnlyList<AuditRecord> events, CancellationToken cancel) => database.WriteAsync(
        batch =>
        {
            if (batch.Session.Execute("DELETE FROM replacements WHERE id = @id", ("id", id)) == 0)
            {
                return false;
            }

            journal.Append(batch, events);
            batch.AfterCommit(Forget);
            return true;
        },
        cancel);

    private void Forget() => _known = null;

    private static void Insert(Session session, Replacement replacement) => session.Execute(
        """
        INSERT INTO replacements
            (id, ca, label, serial, subject, issued_before, starts_at, ends_at, reason, explanation_url, created_by, created_at)
        VALUES (@id, @ca, @label, @serial, @subject, @issuedBefore, @start, @end, @reason, @url, @by, @at)
        """,
        ("id", replacement.Id), ("ca", replacement.Authority), ("label", replacement.Label), ("serial", replacement.SerialHex),
        ("subject", replacement.Subject), ("issuedBefore", replacement.IssuedBefore), ("start", replacement.Start), ("end", replacement.End),
        ("reason", replacement.Reason), ("url", replacement.ExplanationUrl), ("by", replacement.CreatedBy), ("at", replacement.Created));

    private static Replacement Read(DbDataReader row) => new(row.Id(0), row.Time(1), row.Time(2), row.GetString(3), row.GetString(4), row.Time(5))
    {
        Authority = row.TextOrNull(6),
        Label = row.TextOrNull(7),
        SerialHex = row.TextOrNull(8),
        Subject = row.TextOrNull(9),
        IssuedBefore = row.TimeOrNull(10),
        ExplanationUrl = row.TextOrNull(11),
    };

    private sealed record Known(IReadOnlyList<Replacement> All, DateTimeOffset Read);
}
