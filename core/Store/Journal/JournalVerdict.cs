namespace Kipuka.Store;

/// <summary>What a walk along the chains found.</summary>
/// <param name="Records">How many records were read, up to and with the bad one.</param>
/// <param name="Fault">The first record that does not fit; null when all do.</param>
internal sealed record JournalVerdict(long Records, JournalFault? Fault)
{
    public bool IsIntact => Fault is null;
}

/// <summary>The first bad record.</summary>
/// <param name="Node">Whose chain.</param>
/// <param name="Sequence">The record that is changed or missing.</param>
/// <param name="Reason">One sentence.</param>
internal sealed record JournalFault(string Node, long Sequence, string Reason);
