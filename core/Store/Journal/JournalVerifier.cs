using Kipuka.Sdk.Audit;

namespace Kipuka.Store;

/// <summary>Walks every chain of a database and names the first record that was changed, moved, removed or rewritten.</summary>
/// <param name="reader">The database.</param>
/// <param name="check">Judges signatures; null when no key is known: then anchors and archives are compared, but anybody could have made them.</param>
internal sealed class JournalVerifier(JournalReader reader, SealCheck? check)
{
    private const int Page = 1000;

    /// <param name="from">Begins at the first record of that time; null at the chain's begin.</param>
    /// <param name="to">Ends before the first record of that time; null at the chain's end.</param>
    /// <param name="cancel">Ends the walk.</param>
    public async Task<JournalVerdict> VerifyAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancel)
    {
        long records = 0;
        List<ChainState> chains = [];
        foreach (string node in await reader.ReadAsync(SealRows.Nodes, cancel))
        {
            Seals seals = await SealsAsync(node, cancel);
            (JournalChain chain, JournalFault? fault) = await FollowAsync(node, seals, from, to, cancel);
            while (fault is not null && await SealsAsync(node, cancel) is var now && now.Archives.Count > seals.Archives.Count)
            {
                // Records left for an archive while they were read: the chain begins elsewhere now.
                seals = now;
                (chain, fault) = await FollowAsync(node, seals, from, to, cancel);
            }

            records += chain.Records;
            AuditAnchor? newest = seals.Anchors.LastOrDefault();
            chains.Add(new ChainState(
                node, chain.Records, chain.First, chain.Head.Sequence, seals.Archives.LastOrDefault()?.Last ?? 0, seals.Anchors.Count,
                newest?.Sequence ?? 0, newest?.Time));
            if (fault is not null)
            {
                return new JournalVerdict(records, fault, chains);
            }
        }

        return new JournalVerdict(records, null, chains);
    }

    private async Task<(JournalChain Chain, JournalFault? Fault)> FollowAsync(
        string node, Seals seals, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancel)
    {
        ChainHead start = seals.Archives.Count > 0 ? new(seals.Archives[^1].Last, seals.Archives[^1].Hash.ToArray()) : ChainHead.Empty;
        JournalFault? fault = Judge(node, seals) ?? await StrayAsync(node, start, cancel);
        if (from is not null)
        {
            start = await reader.ReadAsync(session => AuditRows.HeadBefore(session, node, from.Value), cancel) ?? start;
        }

        JournalChain chain = new(node, start, check);
        return (chain, fault ?? await WalkAsync(chain, seals, to, cancel));
    }

    private Task<Seals> SealsAsync(string node, CancellationToken cancel) =>
        reader.ReadAsync(session => new Seals(SealRows.Anchors(session, node), SealRows.Archives(session, node)), cancel);

    // In pages, so that a long walk never holds back the checkpoint of the write-ahead log.
    private async Task<JournalFault?> WalkAsync(JournalChain chain, Seals seals, DateTimeOffset? to, CancellationToken cancel)
    {
        Dictionary<long, AuditAnchor> anchors = [];
        foreach (AuditAnchor anchor in seals.Anchors)
        {
            anchors[anchor.Sequence] = anchor;
        }

        long end = to is null ? long.MaxValue : await reader.ReadAsync(session => AuditRows.LastBefore(session, chain.Node, to.Value), cancel);
        while (chain.Head.Sequence < end
            && await reader.ReadAsync(session => AuditRows.After(session, chain.Node, chain.Head.Sequence, Page), cancel) is { Count: > 0 } page)
        {
            foreach (AuditEvent record in page.TakeWhile(record => record.Sequence <= end))
            {
                if (chain.Take(record, anchors.GetValueOrDefault(record.Sequence)) is { } fault)
                {
                    return fault;
                }
            }
        }

        // Read again: the server that writes may have made an anchor since, and its record was met. Cut off is what an earlier one covers.
        return Missing(chain, await SealsAsync(chain.Node, cancel)) ?? (to is null ? CutOff(chain, seals) : null);
    }

    private static JournalFault? Missing(JournalChain chain, Seals seals)
    {
        foreach (AuditAnchor told in chain.Told)
        {
            AuditAnchor? kept = seals.Anchors.Find(anchor => anchor.Number == told.Number);
            if (kept is null || !kept.Signature.Span.SequenceEqual(told.Signature.Span))
            {
                return new JournalFault(
                    chain.Node, told.Sequence + 1, $"record {told.Sequence + 1} tells of the anchor {told.Number}, which is {(kept is null ? "missing" : "another one")}");
            }
        }

        return null;
    }

    private JournalFault? CutOff(JournalChain chain, Seals seals)
    {
        long next = chain.Head.Sequence + 1;
        if (seals.Anchors.Find(anchor => anchor.Sequence >= next) is { } anchor)
        {
            AuditAnchor last = seals.Anchors[^1];
            return new JournalFault(chain.Node, next, $"record {next} is missing, and all behind it: the anchor {last.Number} covers {last.Sequence} records");
        }

        return check is not null && seals.Anchors.Count == 0
            ? new JournalFault(chain.Node, 1, "the chain has no anchor, although the server makes one whenever it starts")
            : null;
    }

    private JournalFault? Judge(string node, Seals seals)
    {
        long number = 0;
        foreach (AuditAnchor anchor in seals.Anchors)
        {
            if (anchor.Number != ++number)
            {
                return new JournalFault(node, anchor.Sequence, $"the anchor {number} is missing; the next one is {anchor.Number}");
            }

            if (check?.Invoke(anchor.KeyId, anchor.Message, anchor.Signature.Span) is { } wrong)
            {
                return new JournalFault(node, anchor.Sequence, $"the anchor {number} of record {anchor.Sequence} is one {wrong}");
            }
        }

        number = 0;
        ChainHead head = ChainHead.Empty;
        foreach (AuditArchive archive in seals.Archives)
        {
            if (archive.Number != ++number || archive.First != head.Sequence + 1 || !archive.PreviousHash.Span.SequenceEqual(head.Hash))
            {
                return new JournalFault(node, head.Sequence + 1, $"no archive has record {head.Sequence + 1}; the next one begins with {archive.First}");
            }

            if (check?.Invoke(archive.KeyId, archive.Message, archive.Signature.Span) is { } wrong)
            {
                return new JournalFault(node, archive.First, $"the archive {archive.FileName} is one {wrong}");
            }

            head = new ChainHead(archive.Last, archive.Hash.ToArray());
        }

        return null;
    }

    private async Task<JournalFault?> StrayAsync(string node, ChainHead start, CancellationToken cancel) =>
        await reader.ReadAsync(session => AuditRows.Least(session, node), cancel) is { } least && least <= start.Sequence
            ? new JournalFault(node, least, $"record {least} stands before the chain's begin at {start.Sequence + 1}")
            : null;

    private sealed record Seals(List<AuditAnchor> Anchors, List<AuditArchive> Archives);
}
