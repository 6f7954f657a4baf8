using Kipuka.Pki;
using Kipuka.Sdk.Transport;

namespace Kipuka.Enroll;

/// <summary>What was sent to get a certificate.</summary>
internal abstract record Submission
{
    private Submission()
    {
    }

    /// <summary>A PKCS#10.</summary>
    /// <param name="Body">As it came.</param>
    /// <param name="WantsKey">Whether the server is to make the key (RFC 7030 section 4.4).</param>
    internal sealed record Pkcs10(EstBody Body, bool WantsKey) : Submission;

    /// <summary>A request out of a message that has been read and judged already (RFC 7030 section 4.3).</summary>
    internal sealed record Inner(ProvenRequest Proven) : Submission;
}
