namespace Kipuka.Store;

/// <summary>A transaction: one request on its way to a certificate.</summary>
/// <param name="Transaction">Best a version 7 UUID: those are stored in the order they are made.</param>
/// <param name="Key">The request.</param>
/// <param name="Operation">Such as <c>simpleenroll</c>.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Authority">The CA that is asked, or issued.</param>
/// <param name="Serial">The serial number as drafted, big-endian.</param>
/// <param name="Draft">The draft, in the form its owner gave it.</param>
/// <param name="Certificate">DER; empty until issued.</param>
/// <param name="Node">The node that opened it.</param>
/// <param name="Opened">When it was opened.</param>
/// <param name="Closed">When it was issued or failed.</param>
/// <param name="Delivered">Whether the answer was fully written to the client.</param>
/// <param name="NotBefore">The certificate's; until issued, the first draft's.</param>
/// <param name="NotAfter">The certificate's; until issued, the first draft's.</param>
/// <param name="Revoked">When the certificate was revoked.</param>
internal sealed record LedgerEntry(
    Guid Transaction,
    LedgerKey Key,
    string Operation,
    LedgerState State,
    string Authority,
    ReadOnlyMemory<byte> Serial,
    ReadOnlyMemory<byte> Draft,
    ReadOnlyMemory<byte> Certificate,
    string Node,
    DateTimeOffset Opened,
    DateTimeOffset? Closed,
    bool Delivered,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    DateTimeOffset? Revoked)
{
    /// <summary>The CA's word for a request that it has not decided about; null otherwise.</summary>
    public string? Ticket { get; init; }

    /// <summary>The certificate that this one is to take the place of; null where none is revoked for it.</summary>
    public Supersession? Supersedes { get; init; }
}
