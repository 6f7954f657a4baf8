using Kipuka.Policy;

namespace Kipuka.Enroll.Cmc;

/// <summary>The answer to a Full PKI Request (RFC 7030 section 4.3.2).</summary>
internal abstract record CmcAnswer
{
    private CmcAnswer()
    {
    }

    /// <summary>Nobody, or nothing that is a PKIData: a refusal as everywhere else.</summary>
    internal sealed record Plain(Refusal Refusal, IReadOnlyList<string> Challenges) : CmcAnswer;

    /// <summary>A Full PKI Response, signed.</summary>
    /// <param name="Outcome">What the transport says of it.</param>
    /// <param name="Message">DER.</param>
    /// <param name="RetryAfter">When to come back.</param>
    /// <param name="Transactions">Delivered with this answer.</param>
    /// <param name="Challenges">How the connection could have been authenticated, or how its method proves the server.</param>
    internal sealed record Full(
        CmcOutcome Outcome, byte[] Message, TimeSpan? RetryAfter, IReadOnlyList<Guid> Transactions, IReadOnlyList<string> Challenges) : CmcAnswer;
}

/// <summary>A whole message's outcome.</summary>
/// <param name="IsPending">Nothing is decided yet.</param>
/// <param name="Failure">Whose fault it is that there is no result at all; null where there is one, or a part of one.</param>
internal sealed record CmcOutcome(bool IsPending, RefusalKind? Failure);
