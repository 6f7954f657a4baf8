namespace Kipuka.Store;

/// <summary>A request that a person decides about.</summary>
/// <param name="Id">Becomes the transaction's id.</param>
/// <param name="Key">The request.</param>
/// <param name="Operation">Such as <c>simpleenroll</c>.</param>
/// <param name="Requester">Who asks, for people.</param>
/// <param name="Source">The address it came from.</param>
/// <param name="Authority">The CA whose draft policy approved.</param>
/// <param name="Subject">The subject that would be issued, as text.</param>
/// <param name="Names">The alternative names that would be issued, as text.</param>
/// <param name="Usages">The extended key usages that would be issued.</param>
/// <param name="KeyType">Such as <c>ecdsa-p256</c>.</param>
/// <param name="Request">DER.</param>
/// <param name="Created">When it came.</param>
/// <param name="Expires">From then on the request, and the decision about it, are void.</param>
internal sealed record PendingRequest(
    Guid Id,
    LedgerKey Key,
    string Operation,
    string Requester,
    string Source,
    string Authority,
    string Subject,
    IReadOnlyList<string> Names,
    IReadOnlyList<string> Usages,
    string KeyType,
    ReadOnlyMemory<byte> Request,
    DateTimeOffset Created,
    DateTimeOffset Expires)
{
    public Decision Decision { get; init; }

    /// <summary>The operator who decided.</summary>
    public string? DecidedBy { get; init; }

    public DateTimeOffset? Decided { get; init; }

    /// <summary>Why it was rejected; the client is told.</summary>
    public string? Reason { get; init; }

    /// <summary>What became of its transaction; null while there is none.</summary>
    public LedgerState? Transaction { get; init; }

    /// <summary>Where it stands.</summary>
    public RequestStatus StatusAt(DateTimeOffset now) => this switch
    {
        { Transaction: LedgerState.Issued } => RequestStatus.Issued,
        { Transaction: LedgerState.Failed } => RequestStatus.Failed,
        { Decision: Decision.Rejected } => RequestStatus.Rejected,
        _ when Expires <= now => RequestStatus.Expired,
        { Decision: Decision.Approved } => RequestStatus.Approved,
        _ => RequestStatus.Pending,
    };
}

/// <summary>What was decided. The numbers are in the database.</summary>
internal enum Decision
{
    None = 0,
    Approved = 1,
    Rejected = 2,
}

/// <summary>Where a request stands, as operators see it.</summary>
internal enum RequestStatus
{
    Pending,

    /// <summary>The client's next poll gets the certificate.</summary>
    Approved,
    Rejected,
    Issued,

    /// <summary>Approved, but the CA or the policy of the day refused it.</summary>
    Failed,
    Expired,
}
