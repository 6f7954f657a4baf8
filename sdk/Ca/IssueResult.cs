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

    /// <summary>The CA will not issue this, and has not. Final: no other member is asked.</summary>
    /// <param name="Detail">One client-safe line.</param>
    public sealed record Refused(string Detail) : IssueResult;
}
