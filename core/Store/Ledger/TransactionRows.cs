namespace Kipuka.Store;

/// <summary>The rows of <c>transactions</c>.</summary>
internal static class TransactionRows
{
    // What is open counts however old it is: its CA may have issued, and nothing else of the same key can open before it is closed.
    internal const string FindSql =
        """
        SELECT t.id, t.operation, t.state, t.ca, t.serial, t.draft, c.der, t.node, t.opened_at, t.closed_at, t.delivered,
               COALESCE(c.not_before, t.not_before), COALESCE(c.not_after, t.not_after), c.revoked_at, t.ticket,
               t.supersedes, t.revoke_after
        FROM transactions t LEFT JOIN certificates c ON c.id = t.certificate_id
        WHERE t.identity = @identity AND t.label = @label AND t.request_hash = @hash
          AND (t.state = 0 OR (t.state = 1 AND t.opened_at >= @since))
        ORDER BY t.opened_at DESC LIMIT 1
        """;

    // As a sum, or PostgreSQL would walk all of the index of open transactions, which it takes for empty: every one that was open leaves a dead
    // entry there until a vacuum, and with millions of rows that is far away.
    internal const string IsOpen = "state + 0 = 0";

    internal const string StateSql = "SELECT state FROM transactions WHERE id = @id";

    internal const string IssueSql =
        $"""
        UPDATE transactions SET state = 1, certificate_id = (SELECT id FROM certificates WHERE sha256 = @sha256), closed_at = @at
        WHERE id = @id AND {IsOpen}
        """;

    internal const string DeliverSql = "UPDATE transactions SET delivered = 1 WHERE id = @id";

    // Before the mark, which is what keeps a second delivery from making a second row.
    internal const string DueSql =
        """
        INSERT INTO due_revocations (transaction_id, sha256, due_at)
        SELECT id, supersedes, @now + revoke_after FROM transactions WHERE id = @id AND delivered = 0 AND supersedes IS NOT NULL
        """;

    public static LedgerEntry? Find(Session session, LedgerKey key, DateTimeOffset since) => session.First(
        FindSql,
        row => new LedgerEntry(
            row.Id(0), key, row.GetString(1), (LedgerState)row.GetInt32(2), row.GetString(3), row.Bytes(4), row.Bytes(5), row.Bytes(6),
            row.GetString(7), row.Time(8), row.TimeOrNull(9), row.Flag(10), row.Time(11), row.Time(12), row.TimeOrNull(13))
        {
            Ticket = row.TextOrNull(14),
            Supersedes = row.IsDBNull(15) ? null : new Supersession(row.Bytes(15), TimeSpan.FromMicroseconds(row.GetInt64(16))),
        },
        ("identity", key.Identity), ("label", key.Label), ("hash", key.RequestHash), ("since", since));

    public static bool Insert(Session session, LedgerEntry entry) => session.Try(
        """
        INSERT INTO transactions
            (id, identity, label, request_hash, operation, state, ca, serial, draft, node, not_before, not_after, opened_at,
             supersedes, revoke_after)
        VALUES (@id, @identity, @label, @hash, @operation, 0, @ca, @serial, @draft, @node, @notBefore, @notAfter, @opened, @supersedes,
                @revokeAfter)
        """,
        ("id", entry.Transaction), ("identity", entry.Key.Identity), ("label", entry.Key.Label), ("hash", entry.Key.RequestHash),
        ("operation", entry.Operation), ("ca", entry.Authority), ("serial", entry.Serial), ("draft", entry.Draft), ("node", entry.Node),
        ("notBefore", entry.NotBefore), ("notAfter", entry.NotAfter), ("opened", entry.Opened),
        ("supersedes", entry.Supersedes?.Sha256), ("revokeAfter", entry.Supersedes is { } old ? old.After.Ticks / TimeSpan.TicksPerMicrosecond : null));

    /// <summary>Begins this node's work on what it has just opened, unless the same request was issued in the meantime.</summary>
    /// <remarks>After the insert, which has waited for every other node that has the request open: what they did is seen now.</remarks>
    public static bool Begin(Session session, LedgerEntry entry, DateTimeOffset newest, DateTimeOffset until) => session.Try(
        """
        UPDATE transactions SET worked_until = @until
        WHERE id = @id AND NOT EXISTS (
            SELECT 1 FROM transactions o
            WHERE o.identity = @identity AND o.label = @label AND o.request_hash = @hash AND o.state = 1 AND o.opened_at > @newest)
        """,
        ("until", until), ("id", entry.Transaction), ("identity", entry.Key.Identity), ("label", entry.Key.Label),
        ("hash", entry.Key.RequestHash), ("newest", newest));

    public static bool Reassign(
        Session session, Guid transaction, string authority, ReadOnlyMemory<byte> serial, ReadOnlyMemory<byte> draft) => session.Try(
        $"UPDATE transactions SET ca = @ca, serial = @serial, draft = @draft WHERE id = @id AND {IsOpen}",
        ("ca", authority), ("serial", serial), ("draft", draft), ("id", transaction));

    public static bool Wait(Session session, Guid transaction, string ticket) => session.Try(
        $"UPDATE transactions SET ticket = @ticket WHERE id = @id AND {IsOpen}", ("ticket", ticket), ("id", transaction));

    /// <returns>Whether it was open.</returns>
    public static bool Issue(Session session, Guid transaction, ReadOnlyMemory<byte> sha256, DateTimeOffset at) => session.Try(
        IssueSql, ("sha256", sha256), ("at", at), ("id", transaction));

    /// <returns>Whether it was open.</returns>
    public static bool Fail(Session session, Guid transaction, string reason, DateTimeOffset at) => session.Try(
        $"UPDATE transactions SET state = 2, reason = @reason, closed_at = @at WHERE id = @id AND {IsOpen}",
        ("reason", reason), ("at", at), ("id", transaction));

    /// <summary>Makes an open transaction this node's, if nobody works on it.</summary>
    /// <param name="session">In a transaction.</param>
    /// <param name="entry">As it was found.</param>
    /// <param name="node">This node.</param>
    /// <param name="abandoned">Whether its node is known not to live any more.</param>
    /// <param name="now">The time.</param>
    /// <param name="until">When this node will have ended its work.</param>
    public static bool TakeOver(Session session, LedgerEntry entry, string node, bool abandoned, DateTimeOffset now, DateTimeOffset until) =>
        session.Execute(
            $"""
            UPDATE transactions SET node = @node, worked_until = @until
            WHERE id = @id AND {IsOpen} AND node = @from
              AND (node = @node OR @abandoned = 1 OR ticket IS NOT NULL OR worked_until IS NULL OR worked_until <= @now)
            """,
            ("node", node), ("until", until), ("id", entry.Transaction), ("from", entry.Node), ("abandoned", abandoned), ("now", now)) == 1;

    public static int LetGo(Session session, Guid transaction, string node) => session.Execute(
        $"UPDATE transactions SET worked_until = NULL WHERE id = @id AND {IsOpen} AND node = @node", ("id", transaction), ("node", node));

    /// <returns>Whether this began the time after which a renewed certificate is revoked.</returns>
    public static bool Deliver(Session session, Guid transaction, DateTimeOffset now)
    {
        var due = session.Execute(DueSql, ("now", now), ("id", transaction));
        session.Later(DeliverSql, ("id", transaction));
        return due > 0;
    }

    public static bool IsFailed(Session session, Guid transaction) =>
        session.Number(StateSql, ("id", transaction)) == (long)LedgerState.Failed;
}
