using Kipuka.Enroll.Cmc;
using Kipuka.Policy;
using Kipuka.Sdk.Transport;

namespace Kipuka.Est;

/// <summary>Refusal → status, in one table (ruling 27).</summary>
internal static class Statuses
{
    public static EstStatus Of(RefusalKind kind) => kind switch
    {
        RefusalKind.Malformed => EstStatus.Malformed,
        RefusalKind.Unproven => EstStatus.Malformed,
        RefusalKind.Policy => EstStatus.Malformed,
        RefusalKind.Unauthenticated => EstStatus.Unauthenticated,
        RefusalKind.Forbidden => EstStatus.Forbidden,
        RefusalKind.NotFound => EstStatus.NotFound,
        RefusalKind.Unavailable => EstStatus.Busy,
        _ => EstStatus.Failed,
    };

    public static EstStatus Of(CmcOutcome outcome)
        => outcome.Failure is { } kind ? Of(kind) : outcome.IsPending ? EstStatus.Pending : EstStatus.Ok;

    public static EstResponse Answer(Refusal refusal, IReadOnlyList<string>? challenges = null)
        => new(Of(refusal.Kind), [])
        {
            Code = refusal.Code,
            Detail = refusal.Detail,
            RetryAfter = refusal.RetryAfter,
            Challenges = challenges ?? [],
        };
}
