using Kipuka.Sdk.Audit;

namespace Kipuka.Store;

/// <summary>The audit record: append-only, hash-chained, one chain a node. What it confirms is durable.</summary>
internal sealed class Journal(Database database)
{
    private const int Page = 1000;

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

    /// <summary>Walks every chain and names the first record that was changed, moved or removed.</summary>
    /// <remarks>A chain that lost its newest records is shorter and still a chain: only the copies in the sinks can tell that.</remarks>
    public async Task<JournalVerdict> VerifyAsync(CancellationToken cancel)
    {
        long records = 0;
        foreach (string node in await database.ReadAsync(AuditRows.Nodes, cancel))
        {
            ChainHead head = ChainHead.Empty;
            // In pages, so that a long walk never holds back the checkpoint of the write-ahead log.
            while (await ReadAsync(node, head.Sequence, Page, cancel) is { Count: > 0 } page)
            {
                foreach (AuditEvent record in page)
                {
                    records++;
                    if (Judge(record, head) is { } fault)
                    {
                        return new JournalVerdict(records, fault);
                    }

                    head = new ChainHead(record.Sequence, record.Hash.ToArray());
                }
            }
        }

        return new JournalVerdict(records, null);
    }

    /// <summary>Appends inside a transaction that also does something else.</summary>
    internal int Append(WriteBatch batch, IReadOnlyList<AuditRecord> records)
    {
        if (records.Count == 0)
        {
            return 0;
        }

        // Read from the table in every batch: the chain follows what was committed, whatever became of the batches before.
        ChainHead head = batch.Head ?? AuditRows.Head(batch.Session, database.Node);
        DateTimeOffset now = Micros.ToTime(Micros.Of(database.Clock.GetUtcNow()));
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
            Fields = record.Fields,
            PreviousHash = head.Hash,
        };
        return next with { Hash = ChainHash.Of(next) };
    }

    private static string? Stored(string? text) => text is null ? null : StoredText.Of(text);

    private static JournalFault? Judge(AuditEvent record, ChainHead head)
    {
        long expected = head.Sequence + 1;
        if (record.Sequence != expected)
        {
            return new JournalFault(record.Node, expected, $"record {expected} is missing; the next one is {record.Sequence}");
        }

        if (!record.PreviousHash.Span.SequenceEqual(head.Hash))
        {
            return new JournalFault(record.Node, expected, $"record {expected} does not follow record {head.Sequence}");
        }

        return record.Hash.Span.SequenceEqual(ChainHash.Of(record))
            ? null
            : new JournalFault(record.Node, expected, $"record {expected} was changed: its content does not give its hash");
    }
}
