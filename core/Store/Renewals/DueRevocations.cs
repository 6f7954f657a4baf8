namespace Kipuka.Store;

/// <summary>The renewed certificates that are to be revoked: what <see cref="Ledger.MarkDelivered"/> left to be done. Several nodes may take from it.</summary>
internal sealed class DueRevocations(Database database)
{
    internal const string FindSql =
        """
        SELECT transaction_id, sha256 FROM due_revocations
        WHERE due_at <= @now AND (leased_until IS NULL OR leased_until <= @now) ORDER BY due_at LIMIT @most
        """;

    private const string LeaseSql =
        "UPDATE due_revocations SET leased_until = @until WHERE transaction_id = @id AND (leased_until IS NULL OR leased_until <= @now)";

    /// <summary>Takes some whose time has come; nobody else gets them before the lease ends.</summary>
    public async Task<IReadOnlyList<DueRevocation>> TakeAsync(int most, TimeSpan lease, CancellationToken cancel)
    {
        DateTimeOffset now = database.Clock.GetUtcNow();
        List<DueRevocation> found = await database.ReadAsync(session => Find(session, now, most), cancel);
        // Nothing is written, most of the time, for there is nothing to do.
        return found.Count == 0
            ? found
            : await database.WriteAsync<List<DueRevocation>>(
                batch => [.. found.Where(due => batch.Session.Execute(LeaseSql, ("until", now + lease), ("id", due.Transaction), ("now", now)) == 1)],
                cancel);
    }

    /// <summary>It is done.</summary>
    public Task DoneAsync(Guid transaction, CancellationToken cancel) => database.WriteAsync(
        batch => batch.Session.Execute("DELETE FROM due_revocations WHERE transaction_id = @id", ("id", transaction)), cancel);

    private static List<DueRevocation> Find(Session session, DateTimeOffset now, int most) => session.All(
        FindSql, row => new DueRevocation(row.Id(0), row.Bytes(1)), ("now", now), ("most", most));
}
