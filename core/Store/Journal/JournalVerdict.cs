namespace Kipuka.Store;

/// <summary>What a walk along the chains found.</summary>
/// <param name="Records">How many records were read, up to and with the bad one.</param>
/// <param name="Fault">The first record that does not fit; null when all do.</param>
/// <param name="Chains">The chains that were walked, the last one as far as the fault.</param>
internal sealed record JournalVerdict(long Records, JournalFault? Fault, IReadOnlyList<ChainState> Chains)
{
    public bool IsIntact => Fault is null;
}

/// <summary>The first bad record.</summary>
/// <param name="Node">Whose chain.</param>
/// <param name="Sequence">The record that is changed or missing.</param>
/// <param name="Reason">One sentence.</param>
internal sealed record JournalFault(string Node, long Sequence, string Reason);

/// <summary>A chain that was walked.</summary>
/// <param name="Node">Whose.</param>
/// <param name="Records">How many records were read.</param>
/// <param name="First">The first of them; 0 when there was none.</param>
/// <param name="Last">The last one that fits.</param>
/// <param name="Archived">The last record that has left for an archive; 0 when none has.</param>
/// <param name="Anchors">How many anchors there are.</param>
/// <param name="Anchored">The last record that one vouches for; 0 when none does.</param>
/// <param name="AnchoredAt">When the newest anchor was made.</param>
internal sealed record ChainState(
    string Node, long Records, long First, long Last, long Archived, int Anchors, long Anchored, DateTimeOffset? AnchoredAt);
