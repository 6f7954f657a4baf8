using Kipuka.Sdk.Ca;

namespace Kipuka.Policy;

/// <summary>Policy's answer.</summary>
internal abstract record Approval
{
    private Approval()
    {
    }

    /// <summary>The certificate that may be issued.</summary>
    /// <param name="Draft">Built from nothing.</param>
    /// <param name="Notes">What policy changed about the request.</param>
    /// <param name="Authority">The CA it is for.</param>
    /// <param name="Request">What it was made from, DER.</param>
    internal sealed record Granted(CertificateDraft Draft, Notes Notes, string Authority, ReadOnlyMemory<byte> Request) : Approval;

    /// <summary>Why none may.</summary>
    internal sealed record Refused(Refusal Refusal) : Approval;
}

/// <summary>What a draft carries that no request decides.</summary>
/// <param name="Transaction">The ledger's transaction.</param>
/// <param name="Serial">20 random bytes, positive.</param>
/// <param name="Now">The time of the decision.</param>
internal sealed record DraftStamp(Guid Transaction, ReadOnlyMemory<byte> Serial, DateTimeOffset Now);
