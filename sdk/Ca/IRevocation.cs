using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Sdk.Ca;

/// <summary>
/// A capability of CAs that keep their own record of what is revoked, and publish it: CRLs, OCSP. Without it nobody but this server knows of a
/// revocation made here.
/// </summary>
public interface IRevocation
{
    /// <summary>
    /// Tells the CA that a certificate of its own is revoked. It is durable there when the call completes: the host does not tell it again.
    /// </summary>
    /// <param name="serial">The certificate's serial number, big-endian, as in the certificate.</param>
    /// <param name="reason">Why (RFC 5280 section 5.3.1); never <see cref="X509RevocationReason.RemoveFromCrl"/>.</param>
    /// <param name="cancel">Cancelled at the table's <c>timeout</c>, and when the server stops.</param>
    /// <exception cref="AuthorityUnavailableException">No answer.</exception>
    /// <remarks>
    /// What is revoked there already is no error: after a crash the host tells it again. Every exception means that the CA does not agree yet; its
    /// message is shown to operators, and the host tells it again after a pause that grows, on one node at a time.
    /// </remarks>
    ValueTask RevokeAsync(ReadOnlyMemory<byte> serial, X509RevocationReason reason, CancellationToken cancel);
}
