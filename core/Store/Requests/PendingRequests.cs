namespace Kipuka.Store;

/// <summary>The requests that people decide about. What it confirms is durable, with its journal records.</summary>
internal sealed class PendingRequests(Database database, Journal journal)
{
    private readonly BlockList<PendingRequest> _list = new(database, RequestRows.Source);

    /// <summary>The newest of this request, whatever became of it.</summary>
    public Task<PendingRequest?> FindAsync(LedgerKey key, CancellationToken cancel) => database.ReadAsync(
        session => RequestRows.Find(session, key), cancel);

    public Task<PendingRequest?> FindAsync(Guid id, CancellationToken cancel) => database.ReadAsync(session => RequestRows.Find(session, id), cancel);

    /// <summary>A page, newest first, of all.</summary>
    public Task<Listed<PendingRequest>> ListAsync(int page, int perPage, CancellationToken cancel) =>
        _list.PageAsync(new ListQuery(), page, perPage, cancel);

    /// <summary>A page, newest first, of those that wait for a decision.</summary>
    public Task<Listed<PendingRequest>> ListOpenAsync(int page, int perPage, CancellationToken cancel) =>
        _list.PageAsync(new OpenRequests(database.Clock.GetUtcNow()), page, perPage, cancel);

    /// <returns>False, and nothing is written, when the identity has as many open as it may have.</returns>
    public Task<bool> AddAsync(PendingRequest request, int most, IReadOnlyList<AuditRecord> events, CancellationToken cancel) => database.WriteAsync(
        batch =>
        {
            Turns.Take(batch.Session, "requests");
            if (RequestRows.Find(batch.Session, request.Key) is { Decision: Decision.None, Transaction: null } same && same.Expires > request.Created)
            {
                // The same request, which another node has just added.
                return true;
            }

            if (RequestRows.CountOpenOf(batch.Session, request.Key.Identity, request.Created) >= most)
            {
                return false;
            }

            RequestRows.Insert(batch.Session, request);
            journal.Append(batch, events);
            return true;
        },
        cancel);

    /// <returns>False, and nothing is written, when it had been decided or had expired.</returns>
    public Task<bool> DecideAsync(
        Guid id, Decision decision, string by, string? reason, IReadOnlyList<AuditRecord> events, CancellationToken cancel) => database.WriteAsync(
        batch =>
        {
            if (!RequestRows.Decide(batch.Session, id, decision, by, reason, database.Clock.GetUtcNow()))
            {
                return false;
            }

            long created = Micros.Of(RequestRows.Find(batch.Session, id)!.Created);
            batch.AfterCommit(() => _list.Touch(created));
            journal.Append(batch, events);
            return true;
        },
        cancel);
}
