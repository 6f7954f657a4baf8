namespace Kipuka.Sdk.Ca;

/// <summary>A capability of CAs whose decisions take time (RFC 7030 section 4.2.3): people approve, or queues are long.</summary>
public interface IPendingIssuance
{
    /// <summary>Asks what became of a request that was answered <see cref="IssueResult.Pending"/>; never makes a second one.</summary>
    /// <param name="ticket">The CA's word for it.</param>
    /// <param name="draft">The draft it was asked for with: the certificate has to equal it.</param>
    /// <param name="cancel">As with <see cref="ICertificateAuthority.IssueAsync"/>.</param>
    /// <exception cref="AuthorityUnavailableException">No answer.</exception>
    ValueTask<IssueResult> ResumeAsync(string ticket, CertificateDraft draft, CancellationToken cancel);

    /// <summary>Nobody waits for the request any more: it is withdrawn at the CA. No error when it is unknown there.</summary>
    /// <param name="ticket">The CA's word for it.</param>
    /// <param name="reason">For the CA's record.</param>
    /// <param name="cancel">As above.</param>
    ValueTask AbandonAsync(string ticket, string reason, CancellationToken cancel);
}
