using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Sdk.Ca;

/// <summary>A CA backend: turns an approved draft into a certificate. Holders of a key derive from <see cref="SigningAuthority"/> instead.</summary>
/// <remarks>
/// Optional capabilities are small interfaces that the host finds on the service, such as <see cref="IHealthProbe"/>.
/// </remarks>
public interface ICertificateAuthority : IAsyncDisposable
{
    /// <summary>The issuing certificate and what <c>/cacerts</c> publishes (RFC 7030 section 4.1). Called at start and on every reload.</summary>
    /// <exception cref="AuthorityUnavailableException">The authority cannot be reached.</exception>
    ValueTask<AuthorityCertificates> GetCertificatesAsync(CancellationToken cancel);

    /// <summary>Turns an approved draft into a certificate.</summary>
    /// <remarks>
    /// Every field of the draft is binding; the host compares the answer with it and treats a difference as a fault. The same
    /// transaction may arrive again after a crash: an authority that knows it returns the same certificate, any other one that differs in
    /// nothing but the signature. Cancelled at the table's
    /// <c>timeout</c>; when cancellation leaves it open whether a certificate exists, throw <see cref="AuthorityUnavailableException"/>
    /// with <c>mayHaveIssued</c> instead of <see cref="OperationCanceledException"/>.
    /// </remarks>
    /// <exception cref="AuthorityUnavailableException">
    /// No answer. With <c>mayHaveIssued</c> false the next member of the group is tried; with true nothing else is, and the client's repeat settles it.
    /// </exception>
    ValueTask<IssueResult> IssueAsync(CertificateDraft draft, CancellationToken cancel);
}

/// <summary>The certificates of an authority.</summary>
/// <param name="Issuer">The certificate whose key signs.</param>
/// <param name="Published">What clients get from <c>/cacerts</c>: the issuer first, then its chain, the self-signed root last (RFC 7030 section 4.1.3).</param>
public sealed record AuthorityCertificates(X509Certificate2 Issuer, IReadOnlyList<X509Certificate2> Published);
