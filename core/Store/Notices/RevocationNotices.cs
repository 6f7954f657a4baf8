namespace Kipuka.Store;

/// <summary>What CAs have to be told of revocations: what <see cref="Ledger"/> left to be done. Several nodes may take from it.</summary>
internal sealed class RevocationNotices(Database database, Journal journal)
{
    private const int LongestFailure = 1000;

    /// <summary>The CAs that there is something to tell now.</summary>
    public async Task<IReadOnlyList<string>> AuthoritiesAsync(CancellationToken cancel) =>
        await database.ReadAsync(session => NoticeRows.Authorities(session, database.Clock.GetUtcNow()), cancel);

    /// <summary>Takes the next one for a CA; nobody else gets it before the lease ends. Null when there is none.</summary>
    public async Task<RevocationNotice?> TakeAsync(string authority, TimeSpan lease, CancellationToken cancel)
    {
        DateTimeOffset now = database.Clock.GetUtcNow();
        while (await database.ReadAsync(session => NoticeRows.Next(session, authority, now), cancel) is { } next)
        {
            if (await database.WriteAsync(batch => NoticeRows.Lease(batch.Session, next.Id, database.Node, now, now + lease), cancel))
            {
                return next;
            }
        }

        return null;
    }

    /// <summary>Gives back what this node had taken when it was killed.</summary>
    public async Task FreeAsync(CancellationToken cancel)
    {
        if ((await AuthoritiesAsync(cancel)).Count > 0)
        {
            await database.WriteAsync(batch => NoticeRows.Free(batch.Session, database.Node), cancel);
        }
    }

    /// <summary>The CA agreed: written with the journal's record of it, once.</summary>
    public Task ToldAsync(RevocationNotice notice, AuditRecord audit, CancellationToken cancel) => database.WriteAsync(
        batch => NoticeRows.Told(batch.Session, notice.Id, database.Clock.GetUtcNow()) ? journal.Append(batch, [audit]) : 0, cancel);

    /// <summary>It did not: tried again after the pause.</summary>
    /// <param name="notice">What.</param>
    /// <param name="failure">Why.</param>
    /// <param name="pause">How long to wait.</param>
    /// <param name="events">For the journal.</param>
    /// <param name="cancel">Ends the wait, not the write.</param>
    public Task FailedAsync(RevocationNotice notice, string failure, TimeSpan pause, IReadOnlyList<AuditRecord> events, CancellationToken cancel)
    {
        string text = StoredText.Of(failure.Length <= LongestFailure ? failure : failure[..LongestFailure]);
        return database.WriteAsync(
            batch => NoticeRows.Failed(batch.Session, notice.Id, text, database.Clock.GetUtcNow() + pause) ? journal.Append(batch, events) : 0, cancel);
    }

    /// <summary>How far it has come with a certificate; null where no CA is to be told.</summary>
    public Task<NoticeState?> StateAsync(ReadOnlyMemory<byte> sha256, CancellationToken cancel) =>
        database.ReadAsync(session => NoticeRows.State(session, sha256), cancel);
}
