namespace Kipuka.Sdk.Ca;

/// <summary>The answers of a CA. A closed set: nothing else can be made.</summary>
public abstract record IssueResult
{
    private IssueResult()
    {
    }

    /// <summary>The certificate exists.</summary>
    /// <param name="Certificate">DER.</param>
    public sealed record Issued(ReadOnlyMemory<byte> Certificate) : IssueResult;

    /// <summary>
    /// The CA has not decided yet. Only for authorities with <see cref="IPendingIssuance"/>: the client is answered 202 and asks again, and
    /// each time the ticket is asked about.
    /// </summary>
    /// <param name="Ticket">The CA's own word for the request, at most 1,000 characters; kept by the host, durable.</param>
    /// <param name="RetryAfter">When asking again makes sense; null leaves it to the host.</param>
    public sealed record Pending(string Ticket, TimeSpan? RetryAfter) : IssueResult;

    /// <summary>The CA will not issue this, and has not. Final: no other member is asked.</summary>
    /// <param name="Detail">One client-safe line.</param>
    public sealed record Refused(string Detail) : IssueResult;
}
