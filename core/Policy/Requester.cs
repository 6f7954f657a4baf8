using Kipuka.Pki;
using Kipuka.Sdk;

namespace Kipuka.Policy;

/// <summary>Who asks, and what the ledger knows of the certificate that proved it.</summary>
/// <param name="Identity">As an authenticator proved it.</param>
/// <param name="Certificate">The client certificate that proved it, parsed; null for other methods.</param>
/// <param name="Held">Where we issued that certificate; null for certificates of others.</param>
internal sealed record Requester(Identity Identity, CertificateFields? Certificate, HeldCertificate? Held)
{
    /// <summary>A registration authority (ruling 34): it asks for others, so no name is tied to its own.</summary>
    public bool IsRa { get; init; }

    /// <summary>The subject that the identity has, whatever is asked for (rulings 18, 32); null where none is mapped to it.</summary>
    public DistinguishedName? Subject { get; } = Identity.Subject is { } mapped ? DistinguishedName.Parse(mapped.RawData, "the mapped subject") : null;

    /// <summary>The certificate of somebody else that a registration authority renews; null for all others, who renew their own.</summary>
    public RepresentedCertificate? Represents { get; init; }
}

/// <summary>A certificate of ours in a client's hands.</summary>
/// <param name="Authority">The CA that issued it.</param>
/// <param name="Label">The label it was issued under; empty for the unlabelled path.</param>
internal sealed record HeldCertificate(string Authority, string Label);

/// <summary>A certificate of ours that a registration authority speaks for.</summary>
internal sealed record RepresentedCertificate(CertificateFields Certificate, HeldCertificate Held);
