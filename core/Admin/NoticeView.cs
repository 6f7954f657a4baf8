using Kipuka.Store;

namespace Kipuka.Admin;

/// <summary>Whether a CA has been told of a revocation.</summary>
/// <param name="Status"><c>told</c>, <c>waiting</c> before the first attempt, <c>failed</c> while it is tried again.</param>
/// <param name="ToldAt">When the CA agreed.</param>
/// <param name="Attempts">How often it was told.</param>
/// <param name="NextAttempt">Not before; null when it has been told.</param>
/// <param name="Reason">What became of the last attempt.</param>
internal sealed record NoticeView(string Status, DateTimeOffset? ToldAt, int Attempts, DateTimeOffset? NextAttempt, string? Reason)
{
    public static NoticeView? Of(NoticeState? notice) => notice is null
        ? null
        : new NoticeView(
            notice.Told is not null ? "told" : notice.Attempts == 0 ? "waiting" : "failed", notice.Told, notice.Attempts,
            notice.Told is null ? notice.Due : null, notice.Failure);
}
