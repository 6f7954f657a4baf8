using Kipuka.Sdk.Audit;

namespace Kipuka.Store;

/// <summary>Follows one node's chain, record by record, from a head that is known.</summary>
/// <param name="node">Whose chain.</param>
/// <param name="start">The record before the first one to come.</param>
/// <param name="check">Judges signatures; null when no key is known.</param>
internal sealed class JournalChain(string node, ChainHead start, SealCheck? check)
{
    private readonly List<AuditAnchor> _told = [];

    public string Node => node;

    public ChainHead Head { get; private set; } = start;

    public long Records { get; private set; }

    /// <summary>The first record that was taken; 0 before.</summary>
    public long First { get; private set; }

    /// <summary>The anchors that the records tell of.</summary>
    public IReadOnlyList<AuditAnchor> Told => _told;

    /// <summary>The last record that an anchor vouches for.</summary>
    public long Anchored { get; private set; } = start.Sequence;

    /// <summary>Takes the next record.</summary>
    /// <param name="record">As it stands there.</param>
    /// <param name="anchor">The anchor that covers this record, from the table; null when none does.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public JournalFault? Take(AuditEvent record, AuditAnchor? anchor = null)
    {
        Records++;
        First = First == 0 ? record.Sequence : First;
        long expected = Head.Sequence + 1;
        if (record.Sequence != expected)
        {
            return Fault(expected, record.Sequence > expected
                ? $"record {expected} is missing; the next one is {record.Sequence}"
                : $"record {record.Sequence} stands where record {expected} should be");
        }

        if (!record.PreviousHash.Span.SequenceEqual(Head.Hash))
        {
            return Fault(expected, $"record {expected} does not follow record {Head.Sequence}");
        }

        if (!record.Hash.Span.SequenceEqual(ChainHash.Of(record)))
        {
            return Fault(expected, $"record {expected} was changed: its content does not give its hash");
        }

        if (record.Name == AuditAnchor.EventName && Judge(record) is { } told)
        {
            return told;
        }

        Head = new ChainHead(record.Sequence, record.Hash.ToArray());
        return anchor is null ? null : Cover(anchor, Head.Hash);
    }

    private JournalFault? Judge(AuditEvent record)
    {
        if (AuditAnchor.Of(record) is not { } anchor || anchor.Sequence != Head.Sequence)
        {
            return Fault(record.Sequence, $"record {record.Sequence} tells of an anchor that cannot be");
        }

        if (check?.Invoke(anchor.KeyId, anchor.Message, anchor.Signature.Span) is { } wrong)
        {
            return Fault(record.Sequence, $"record {record.Sequence} tells of an anchor {wrong}");
        }

        _told.Add(anchor);
        return Cover(anchor, Head.Hash);
    }

    // Whoever rewrites a record can compute all hashes behind it anew, but not the signature over the last one.
    private JournalFault? Cover(AuditAnchor anchor, byte[] hash)
    {
        long first = Anchored + 1;
        if (!anchor.Hash.Span.SequenceEqual(hash))
        {
            return Fault(first, $"of the records {first} to {anchor.Sequence} at least one was rewritten: the anchor {anchor.Number} has another hash for the last one");
        }

        Anchored = Math.Max(Anchored, anchor.Sequence);
        return null;
    }

    private JournalFault Fault(long sequence, string reason) => new(node, sequence, reason);
}
