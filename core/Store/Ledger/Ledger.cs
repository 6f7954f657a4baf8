using System.Collections.Concurrent;
using System.Data.Common;

namespace Kipuka.Store;

/// <summary>What was asked, issued and revoked. What it confirms is durable, with its journal records and its plugins' writes.</summary>
internal sealed class Ledger(Database database, Journal journal, PluginData plugins)
{
    /// <summary>Longer than any CA is waited for. A node that dies is noticed at once; this is for one that lives and forgot.</summary>
    private static readonly TimeSpan WorkLimit = TimeSpan.FromMinutes(5);

    private readonly BlockList<CertificateRecord> _list = new(database, CertificateRows.Source);
    private readonly FiguresCount _figures = new(database);

    // Marks not committed yet: a repeat must see that the answer was delivered although the mark still waits for its ride.
    private readonly ConcurrentDictionary<Guid, bool> _delivering = [];

    /// <summary>The newest transaction of this request that is open, or was issued and opened at or after the time given.</summary>
    public async Task<LedgerEntry?> FindAsync(LedgerKey key, DateTimeOffset notBefore, CancellationToken cancel)
    {
        LedgerEntry? entry = await database.ReadAsync(session => TransactionRows.Find(session, key, notBefore), cancel);
        if (entry is not { State: LedgerState.Issued, Delivered: false })
        {
            return entry;
        }

        if (_delivering.ContainsKey(entry.Transaction))
        {
            return entry with { Delivered = true };
        }

        // The mark may have been committed, and left the list, between the two looks.
        return await database.ReadAsync(session => TransactionRows.Find(session, key, notBefore), cancel);
    }

    /// <summary>Records what is going to be asked of a CA.</summary>
    /// <param name="entry">The new entry.</param>
    /// <param name="newest">When the newest entry of this request was opened that the caller knows of; nothing newer may have been issued.</param>
    /// <param name="events">For the journal.</param>
    /// <param name="cancel">Ends the wait for the writer.</param>
    /// <exception cref="LedgerConflictException">The same request is open already, or another node has just issued it.</exception>
    public Task OpenAsync(LedgerEntry entry, DateTimeOffset newest, IReadOnlyList<AuditRecord> events, CancellationToken cancel) =>
        database.WriteAsync(
            batch =>
            {
                try
                {
                    TransactionRows.Insert(batch.Session, entry);
                }
                catch (DbException fault) when (database.Dialect.IsDuplicate(fault))
                {
                    throw new LedgerConflictException(fault);
                }

                return TransactionRows.Begin(batch.Session, entry, newest, database.Clock.GetUtcNow() + WorkLimit)
                    ? journal.Append(batch, events)
                    : throw new LedgerConflictException(null);
            },
            cancel);

    /// <summary>Makes an open entry this node's, so that no two nodes ask a CA for the same.</summary>
    /// <returns>False when another node works on it.</returns>
    public async Task<bool> TakeOverAsync(LedgerEntry entry, CancellationToken cancel) => await database.WriteAsync(
        batch =>
        {
            DateTimeOffset now = database.Clock.GetUtcNow();
            bool abandoned = entry.Node != database.Node && !database.Dialect.IsNodeAlive(batch.Session, entry.Node);
            return TransactionRows.TakeOver(batch.Session, entry, database.Node, abandoned, now, now + WorkLimit);
        },
        cancel);

    /// <summary>This node does no more for an entry that it leaves open.</summary>
    /// <remarks>Rides with the next commit: should it get lost, a repeat at another node waits a little longer.</remarks>
    public void LetGo(Guid transaction) => _ = RideAsync(batch => TransactionRows.LetGo(batch.Session, transaction, database.Node));

    /// <summary>Another CA takes over, because the one before has certainly not issued.</summary>
    public Task ReassignAsync(
        Guid transaction, string authority, ReadOnlyMemory<byte> serial, ReadOnlyMemory<byte> draft, CancellationToken cancel) =>
        database.WriteAsync(
            batch => TransactionRows.Reassign(batch.Session, transaction, authority, serial, draft) ? true : throw NotOpen(transaction),
            cancel);

    /// <summary>The CA has not decided; its word for the request is kept.</summary>
    public Task WaitAsync(Guid transaction, string ticket, IReadOnlyList<AuditRecord> events, CancellationToken cancel) => database.WriteAsync(
        batch => TransactionRows.Wait(batch.Session, transaction, ticket) ? journal.Append(batch, events) : throw NotOpen(transaction), cancel);

    /// <summary>Records the certificate, spends what it cost and writes the journal, all or nothing.</summary>
    /// <remarks>Closing again with the same certificate changes nothing and is no error: the answer to a commit may get lost.</remarks>
    public Task<CloseOutcome> CloseAsync(
        Guid transaction,
        IssuedCertificate certificate,
        IReadOnlyList<AuditRecord> events,
        IReadOnlyList<PluginWrite> writes,
        CancellationToken cancel)
    {
        PluginData.Check(writes);
        return database.WriteAsync(
            batch =>
            {
                DateTimeOffset now = database.Clock.GetUtcNow();
                if (!CertificateRows.Insert(batch.Session, certificate, transaction, now))
                {
                    return CertificateRows.Find(batch.Session, certificate.Sha256)?.Transaction == transaction
                        ? CloseOutcome.Closed
                        : throw NotOpen(transaction);
                }

                if (!TransactionRows.Issue(batch.Session, transaction, certificate.Sha256, now))
                {
                    // Another node closed it between the two: look again.
                    throw new SpeculationException();
                }

                return Finish(batch, events, writes);
            },
            cancel);
    }

    /// <summary>Records that nothing was issued and nothing will be.</summary>
    /// <remarks>Failing again changes nothing and is no error.</remarks>
    public Task<CloseOutcome> FailAsync(
        Guid transaction, string reason, IReadOnlyList<AuditRecord> events, IReadOnlyList<PluginWrite> writes, CancellationToken cancel)
    {
        PluginData.Check(writes);
        return database.WriteAsync(
            batch =>
            {
                if (TransactionRows.Fail(batch.Session, transaction, reason, database.Clock.GetUtcNow()))
                {
                    return Finish(batch, events, writes);
                }

                return TransactionRows.IsFailed(batch.Session, transaction) ? CloseOutcome.Closed : throw NotOpen(transaction);
            },
            cancel);
    }

    /// <summary>The answer was fully written.</summary>
    /// <param name="transaction">Whose answer.</param>
    /// <param name="superseded">Called when a certificate that it renews is to be revoked, and that is durable.</param>
    /// <remarks>Rides with the next commit: should it get lost, the client may fetch the same answer once more.</remarks>
    public void MarkDelivered(Guid transaction, Action? superseded = null)
    {
        _delivering[transaction] = true;
        _ = MarkAsync(transaction, superseded);
    }

    public Task<CertificateRecord?> FindCertificateAsync(ReadOnlyMemory<byte> sha256, CancellationToken cancel) =>
        database.ReadAsync(session => CertificateRows.Find(session, sha256), cancel);

    /// <summary>The certificates with a serial number (lower-case hex), of one CA or of all.</summary>
    public async Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(string serialHex, string? authority, CancellationToken cancel) =>
        await database.ReadAsync(session => CertificateRows.BySerial(session, serialHex, authority), cancel);

    /// <summary>Certificates of a label with these names that are neither revoked nor ended before the time given, newest first.</summary>
    /// <param name="label">The label; empty for the unlabelled path.</param>
    /// <param name="names">As <see cref="IssuedCertificate.Names"/>.</param>
    /// <param name="subjectText">For certificates that were recorded without names: those of this subject may be others.</param>
    /// <param name="notEnded">The earliest end of validity.</param>
    /// <param name="cancel">Ends the wait for a connection.</param>
    public async Task<IReadOnlyList<CertificateRecord>> FindNamedAsync(
        string label, ReadOnlyMemory<byte> names, string subjectText, DateTimeOffset notEnded, CancellationToken cancel) =>
        await database.ReadAsync(session => CertificateRows.Named(session, label, names, subjectText, notEnded), cancel);

    /// <summary>A page of the certificates that pass the filter, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="page">From 1.</param>
    /// <param name="perPage">At least 1.</param>
    /// <param name="cancel">Ends the wait for a connection.</param>
    public async Task<CertificatePage> ListAsync(CertificateFilter filter, int page, int perPage, CancellationToken cancel)
    {
        Listed<CertificateRecord> found = await _list.PageAsync(
            new CertificateQuery(filter, database.Clock.GetUtcNow()), page, perPage, cancel);
        return new CertificatePage(page, perPage, found.Total, found.IsComplete, found.Rows);
    }

    /// <summary>Marks a certificate revoked; the events, and the notice for its CA if that is to be told, are written only if this call did it.</summary>
    public Task<RevokeOutcome> RevokeAsync(
        string serialHex, string authority, int reason, DateTimeOffset at, IReadOnlyList<AuditRecord> events, CancellationToken cancel, bool tell = false) =>
        database.WriteAsync(
            batch =>
            {
                List<long> ids = CertificateRows.ValidIds(batch.Session, serialHex, authority);
                if (CertificateRows.Revoke(batch.Session, serialHex, authority, reason, at) > 0)
                {
                    if (tell)
                    {
                        ids.ForEach(id => NoticeRows.Add(batch.Session, id, at));
                    }

                    batch.AfterCommit(() => ids.ForEach(Touch));
                    journal.Append(batch, events);
                    return RevokeOutcome.Revoked;
                }

                return CertificateRows.BySerial(batch.Session, serialHex, authority).Count > 0
                    ? RevokeOutcome.AlreadyRevoked
                    : RevokeOutcome.Unknown;
            },
            cancel);

    /// <summary>The same for exactly one certificate: a CA that was set up anew may have given its serial number twice.</summary>
    public Task<RevokeOutcome> RevokeAsync(
        ReadOnlyMemory<byte> sha256, int reason, DateTimeOffset at, IReadOnlyList<AuditRecord> events, CancellationToken cancel, bool tell = false) =>
        database.WriteAsync(
            batch =>
            {
                if (CertificateRows.Revoke(batch.Session, sha256, reason, at))
                {
                    long id = CertificateRows.Id(batch.Session, sha256)!.Value;
                    if (tell)
                    {
                        NoticeRows.Add(batch.Session, id, at);
                    }

                    batch.AfterCommit(() => Touch(id));
                    journal.Append(batch, events);
                    return RevokeOutcome.Revoked;
                }

                return CertificateRows.Find(batch.Session, sha256) is null ? RevokeOutcome.Unknown : RevokeOutcome.AlreadyRevoked;
            },
            cancel);

    /// <summary>What each CA has issued.</summary>
    public Task<LedgerFigures> FiguresAsync(CancellationToken cancel) => _figures.CountAsync(cancel);

    private void Touch(long id)
    {
        _list.Touch(id);
        _figures.Touch(id);
    }

    private async Task MarkAsync(Guid transaction, Action? superseded)
    {
        try
        {
            if (await database.WriteLater(batch => TransactionRows.Deliver(batch.Session, transaction, database.Clock.GetUtcNow())))
            {
                superseded?.Invoke();
            }
        }
        catch (Exception fault) when (fault is DatabaseException or DbException or ObjectDisposedException)
        {
            // The writer has logged what the database said. Without the mark the client may fetch its answer once more, and what it renews stays good.
        }
        finally
        {
            _delivering.TryRemove(transaction, out bool _);
        }
    }

    private async Task RideAsync<T>(Func<WriteBatch, T> work)
    {
        try
        {
            await database.WriteLater(work);
        }
        catch (Exception fault) when (fault is DatabaseException or DbException or ObjectDisposedException)
        {
            // The writer has logged what the database said.
        }
    }

    private CloseOutcome Finish(WriteBatch batch, IReadOnlyList<AuditRecord> events, IReadOnlyList<PluginWrite> writes)
    {
        if (!writes.All(write => plugins.Apply(batch, write)))
        {
            batch.Undo = true;
            return CloseOutcome.WriteConflict;
        }

        journal.Append(batch, events);
        return CloseOutcome.Closed;
    }

    private static InvalidOperationException NotOpen(Guid transaction) => new($"Transaction {transaction} is not open.");
}
