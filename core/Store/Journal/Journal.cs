using Kipuka.Sdk.Audit;

namespace Kipuka.Store;

/// <summary>The audit record: append-only, hash-chained, one chain a node. What it confirms is durable.</summary>
internal sealed class Journal(Database database)
{
    private readonly BlockList<AuditEvent> _list = new(database, AuditRows.Source);
    private Action? _announce;

    /// <summary>Something was appended and committed. Called on the writer's thread: handlers only set a signal.</summary>
    public event Action? Appended;

    /// <summary>This node's name.</summary>
    public string Node => database.Node;

    public Task AppendAsync(IReadOnlyList<AuditRecord> records, CancellationToken cancel) =>
        records.Count == 0 ? Task.CompletedTask : database.WriteAsync(batch => Append(batch, records), cancel);

    /// <summary>A node's records behind a sequence number, in their order.</summary>
    public async Task<IReadOnlyList<AuditEvent>> ReadAsync(string node, long after, int limit, CancellationToken cancel) =>
        await database.ReadAsync(session => AuditRows.After(session, node, after, limit), cancel);

    /// <summary>Whether other nodes write into the same database: what they append is not announced here.</summary>
    public bool IsShared => database.IsShared;

    /// <summary>A page of the records that pass the filter, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="page">From 1.</param>
    /// <param name="perPage">At least 1.</param>
    /// <param name="cancel">Ends the wait for a connection.</param>
    public async Task<AuditPage> ListAsync(AuditFilter filter, int page, int perPage, CancellationToken cancel)
    {
        Listed<AuditEvent> found = await _list.PageAsync(new AuditQuery(filter), page, perPage, cancel);
        return new AuditPage(page, perPage, found.Total, found.IsComplete, found.Rows);
    }

    /// <summary>A node's records between two sequence numbers (the first not, the last included) that pass the filter, in their order.</summary>
    public async Task<IReadOnlyList<AuditEvent>> BetweenAsync(
        AuditFilter filter, string node, long after, long last, int limit, CancellationToken cancel)
    {
        AuditQuery query = new(filter);
        return await database.ReadAsync(session => AuditRows.Between(session, query, node, after, last, limit), cancel);
    }

    /// <summary>The nodes that have written since, each with the first and last sequence number of that time.</summary>
    public async Task<IReadOnlyList<(string Node, long First, long Last)>> RecentAsync(DateTimeOffset since, CancellationToken cancel) =>
        await database.ReadAsync(session => AuditRows.Recent(session, since), cancel);

    /// <summary>The time from which a node has written what follows a sequence number; null when nothing does.</summary>
    public Task<DateTimeOffset?> SinceAsync(string node, long sequence, CancellationToken cancel) =>
        database.ReadAsync(session => AuditRows.Since(session, node, sequence), cancel);

    /// <summary>The last sequence number of this node; 0 before the first.</summary>
    public Task<long> LastAsync(CancellationToken cancel) => database.ReadAsync(session => AuditRows.Head(session, Node).Sequence, cancel);

    /// <summary>Every node that has written, with its last sequence number.</summary>
    public async Task<IReadOnlyList<(string Node, long Last)>> ChainsAsync(CancellationToken cancel) => await database.ReadAsync(
        session => AuditRows.Nodes(session).ConvertAll(node => (node, AuditRows.Head(session, node).Sequence)), cancel);

    /// <summary>Walks every chain.</summary>
    /// <param name="check">Judges signatures; null when no key is known.</param>
    /// <param name="from">Begins at the first record of that time; null at the chain's begin.</param>
    /// <param name="to">Ends before the first record of that time; null at the chain's end.</param>
    /// <param name="cancel">Ends the walk.</param>
    public Task<JournalVerdict> VerifyAsync(SealCheck? check, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancel) =>
        new JournalVerifier(new JournalReader(database), check).VerifyAsync(from, to, cancel);

    /// <summary>Signs the head of this node's chain, and says so in the journal.</summary>
    /// <param name="keyId">The key's id.</param>
    /// <param name="sign">Signs; runs on the writer's thread.</param>
    /// <param name="tell">Makes the record that tells of the anchor.</param>
    /// <param name="cancel">Ends the wait, not the write.</param>
    /// <returns>Null when there is nothing yet to anchor.</returns>
    public Task<AuditAnchor?> AnchorAsync(
        string keyId, Func<byte[], byte[]> sign, Func<AuditAnchor, AuditRecord> tell, CancellationToken cancel) => database.WriteAsync(
        batch =>
        {
            ChainHead head = batch.Head ?? AuditRows.Head(batch.Session, database.Node);
            if (head.Sequence == 0)
            {
                return null;
            }

            long number = (SealRows.LastAnchor(batch.Session, database.Node)?.Number ?? 0) + 1;
            AuditAnchor anchor = new(database.Node, number, head.Sequence, head.Hash, Now(), keyId, default);
            anchor = anchor with { Signature = sign(anchor.Message) };
            SealRows.Insert(batch.Session, anchor);
            batch.Head = head;
            Append(batch, [tell(anchor)]);
            return anchor;
        },
        cancel);

    /// <summary>The other nodes with records here that no process writes for at this moment.</summary>
    public async Task<IReadOnlyList<string>> GoneAsync(CancellationToken cancel) => await database.ReadAsync(
        session => AuditRows.Nodes(session).FindAll(node => node != Node && !session.Dialect.IsNodeAlive(session, node)), cancel);

    /// <summary>What left a node's chain last; null when nothing did.</summary>
    public Task<AuditArchive?> LastArchiveAsync(string node, CancellationToken cancel) =>
        database.ReadAsync(session => SealRows.LastArchive(session, node), cancel);

    /// <summary>The last record of a node before a time that is not its newest one: that stays, for the chain to go on from. 0 when there is none.</summary>
    public Task<long> LastToLeaveAsync(string node, DateTimeOffset before, CancellationToken cancel) => database.ReadAsync(
        session => Math.Min(AuditRows.LastBefore(session, node, before), AuditRows.Head(session, node).Sequence - 1), cancel);

    /// <summary>
    /// Removes the records that an archive has, which must follow the last one; keeps the archive's row, and the event of it in this node's chain.
    /// </summary>
    public Task RemoveArchivedAsync(AuditArchive archive, AuditRecord audit, CancellationToken cancel) => database.WriteAsync(
        batch =>
        {
            AuditArchive? before = SealRows.LastArchive(batch.Session, archive.Node);
            if (archive.Number != (before?.Number ?? 0) + 1 || archive.First != (before?.Last ?? 0) + 1 || !SealRows.TryInsert(batch.Session, archive))
            {
                throw new InvalidOperationException($"Records of {archive.Node} have left the journal meanwhile: somebody else is archiving.");
            }

            // Before they go: the chain's head is never among them, or the chain would begin anew.
            Append(batch, [audit]);
            batch.AfterCommit(_list.Forget);
            return AuditRows.Remove(batch.Session, archive.Node, archive.Last);
        },
        cancel);

    /// <summary>The clock's time as the journal keeps it.</summary>
    public DateTimeOffset Now() => Micros.ToTime(Micros.Of(database.Clock.GetUtcNow()));

    /// <summary>Appends inside a transaction that also does something else.</summary>
    internal int Append(WriteBatch batch, IReadOnlyList<AuditRecord> records)
    {
        if (records.Count == 0)
        {
            return 0;
        }

        // Read from the table in every batch: the chain follows what was committed, whatever became of the batches before.
        ChainHead head = batch.Head ?? AuditRows.Head(batch.Session, database.Node);
        DateTimeOffset now = Now();
        foreach (AuditRecord record in records)
        {
            AuditEvent next = Next(record, head, now);
            AuditRows.Insert(batch.Session, next);
            head = new ChainHead(next.Sequence, next.Hash.ToArray());
        }

        batch.Head = head;
        batch.AfterCommit(_announce ??= () => Appended?.Invoke());
        return records.Count;
    }

    private AuditEvent Next(AuditRecord record, ChainHead head, DateTimeOffset now)
    {
        AuditEvent next = new(database.Node, head.Sequence + 1, now, record.Name, record.Niap, record.Success)
        {
            // As they are read again, or the hash would not be theirs.
            Actor = Stored(record.Actor),
            Source = record.Source,
            Label = Stored(record.Label),
            Authority = Stored(record.Authority),
            Serial = Stored(record.Serial),
            Fields = StoredText.Of(record.Fields),
            PreviousHash = head.Hash,
        };
        return next with { Hash = ChainHash.Of(next) };
    }

    private static string? Stored(string? text) => text is null ? null : StoredText.Of(text);
}
