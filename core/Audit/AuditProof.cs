using Kipuka.Store;

namespace Kipuka.Audit;

/// <summary>What a verification found, for the admin API and the command.</summary>
/// <param name="Intact">Whether every record fits.</param>
/// <param name="Records">How many were read.</param>
/// <param name="SignaturesChecked">Whether a key was at hand: without one anybody could have made the anchors.</param>
/// <param name="Node">Whose chain has the first bad record.</param>
/// <param name="Sequence">The first bad record.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Chains">The chains, the last one as far as the bad record.</param>
internal sealed record AuditProof(
    bool Intact, long Records, bool SignaturesChecked, string? Node, long? Sequence, string? Reason, IReadOnlyList<AuditChainView> Chains)
{
    public static AuditProof Of(JournalVerdict verdict, bool signaturesChecked) => new(
        verdict.IsIntact, verdict.Records, signaturesChecked, verdict.Fault?.Node, verdict.Fault?.Sequence, verdict.Fault?.Reason,
        [.. verdict.Chains.Select(chain => new AuditChainView(
            chain.Node, chain.Records, chain.First, chain.Last, chain.Archived, chain.Anchors, chain.Anchored,
            chain.AnchoredAt is { } at ? AuditJson.Text(at) : null))]);
}

/// <summary>A chain that was walked; the numbers are those of records, but for the count of anchors.</summary>
internal sealed record AuditChainView(
    string Node, long Records, long First, long Last, long Archived, int Anchors, long Anchored, string? AnchoredAt);
