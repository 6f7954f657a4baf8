using Kipuka.Policy;

namespace Kipuka.Enroll;

/// <summary>How a request for a certificate ended.</summary>
internal abstract record EnrollOutcome
{
    private EnrollOutcome()
    {
    }

    /// <summary>Here is the certificate; it is durable already.</summary>
    internal sealed record Issued(Guid Transaction, ReadOnlyMemory<byte> Certificate) : EnrollOutcome;

    /// <summary>There is none.</summary>
    internal sealed record Refused(Refusal Refusal) : EnrollOutcome;
}
