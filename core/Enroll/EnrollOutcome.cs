using Kipuka.Policy;
using Kipuka.Sdk.Transport;

namespace Kipuka.Enroll;

/// <summary>How a request for a certificate ended.</summary>
internal abstract record EnrollOutcome
{
    private EnrollOutcome()
    {
    }

    /// <summary>Here is the certificate; it is durable already.</summary>
    /// <param name="Transaction">The ledger's.</param>
    /// <param name="Authority">The CA that issued it.</param>
    /// <param name="Certificate">DER.</param>
    /// <param name="Key">The private key, where the server made it; the receiver disposes it.</param>
    internal sealed record Issued(Guid Transaction, string Authority, ReadOnlyMemory<byte> Certificate, EstPart? Key = null) : EnrollOutcome;

    /// <summary>Somebody has to decide first; the same request is to be sent again.</summary>
    internal sealed record Pending(Guid Transaction, TimeSpan RetryAfter) : EnrollOutcome;

    /// <summary>There is none.</summary>
    internal sealed record Refused(Refusal Refusal) : EnrollOutcome
    {
        /// <summary>Whether the journal has it already, with the end of its transaction.</summary>
        public bool IsRecorded { get; init; }
    }
}
