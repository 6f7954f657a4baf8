using Kipuka.Pki.Cmc;
using Kipuka.Policy;

namespace Kipuka.Enroll.Cmc;

/// <summary>What became of one part of a message.</summary>
/// <param name="Status">As the client reads it.</param>
/// <param name="Kind">Whose fault a failure is; null without one.</param>
internal sealed record PartOutcome(CmcStatusInfo Status, RefusalKind? Kind = null)
{
    /// <summary>What was issued, or looked up.</summary>
    public ReadOnlyMemory<byte> Certificate { get; init; }

    /// <summary>The ledger's, for what was issued.</summary>
    public Guid? Transaction { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public static PartOutcome Refused(Refusal refusal, params IReadOnlyList<uint> parts)
        => new(CmcStatusInfo.Failed(FailureOf(refusal), refusal.Detail, parts), refusal.Kind) { RetryAfter = refusal.RetryAfter };

    public static PartOutcome Failed(CmcFailure failure, string text, params IReadOnlyList<uint> parts)
        => new(CmcStatusInfo.Failed(failure, text, parts), RefusalKind.Malformed);

    private static CmcFailure FailureOf(Refusal refusal) => refusal switch
    {
        { Code: "key-type" or "key-size" or "signature-algorithm" } => CmcFailure.BadAlg,
        { Code: "ca-requested" } => CmcFailure.UnsupportedExt,
        { Kind: RefusalKind.Unproven } => CmcFailure.PopFailed,
        { Kind: RefusalKind.Unauthenticated or RefusalKind.Forbidden } => CmcFailure.BadIdentity,
        { Kind: RefusalKind.NotFound } => CmcFailure.BadCertId,
        { Kind: RefusalKind.Unavailable } => CmcFailure.TryLater,
        { Kind: RefusalKind.Fault } => CmcFailure.InternalCAError,
        _ => CmcFailure.BadRequest,
    };
}
