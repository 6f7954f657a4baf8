using System.Security.Cryptography;
using System.Text;

namespace Kipuka.Sdk.Ca;

/// <summary>A CA that holds a key: in a file, an HSM, a KMS. A plugin writes one method, <see cref="SignAsync"/>.</summary>
/// <param name="certificates">The certificates; the issuer's key is the one that <see cref="SignAsync"/> uses.</param>
/// <param name="scheme">How certificates are signed; must fit the issuer's key.</param>
public abstract class SigningAuthority(AuthorityCertificates certificates, SignatureScheme scheme) : ICertificateAuthority, IHealthProbe
{
    // No TBSCertificate begins with these bytes (they are no DER SEQUENCE), so a signature over such a blob is worth nothing.
    private static readonly byte[] ProofDomain = Encoding.ASCII.GetBytes("Kipuka key proof, not a certificate\0");

    private readonly TbsCertificate tbs = new(certificates.Issuer, scheme);

    /// <summary>How certificates are signed.</summary>
    protected SignatureScheme Scheme => scheme;

    /// <summary>Signs the bytes with the CA's key: the hash and padding of <see cref="Scheme"/> over all of them.</summary>
    /// <returns>
    /// The signature as X.509 carries it: for RSA and ML-DSA the plain signature, for ECDSA a DER SEQUENCE of r and s (RFC 3279 section 2.2.3).
    /// </returns>
    /// <exception cref="AuthorityUnavailableException">The key cannot be reached now.</exception>
    protected abstract ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancel);

    /// <inheritdoc/>
    public ValueTask<AuthorityCertificates> GetCertificatesAsync(CancellationToken cancel) => new(certificates);

    /// <inheritdoc/>
    public async ValueTask<IssueResult> IssueAsync(CertificateDraft draft, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        try
        {
            var toBeSigned = tbs.Encode(draft);
            var signature = await SignAsync(toBeSigned, cancel);
            return new IssueResult.Issued(tbs.Complete(toBeSigned, signature.Span));
        }
        catch (Exception fault) when (fault is not AuthorityUnavailableException)
        {
            // Nobody else puts the parts together: without a signature in our hands there is no certificate, whatever the key's device did.
            throw new AuthorityUnavailableException($"the key did not sign: {fault.Message}", mayHaveIssued: false, fault);
        }
    }

    /// <summary>Proves that the key belongs to the certificate: it signs a domain-separated blob, which the certificate's key verifies.</summary>
    /// <remarks>
    /// Where the platform cannot verify (<see cref="SignatureScheme.CanVerify"/>), only that the key signs, and the signature's length, are proven.
    /// </remarks>
    /// <exception cref="CryptographicException">The key does not belong to the certificate.</exception>
    /// <exception cref="AuthorityUnavailableException">The key cannot be reached now.</exception>
    public async ValueTask ProbeAsync(CancellationToken cancel)
    {
        var blob = (byte[])[.. ProofDomain, .. RandomNumberGenerator.GetBytes(32)];
        var signature = await SignAsync(blob, cancel);
        var isRight = scheme.CanVerify ? scheme.Verify(certificates.Issuer, blob, signature.Span) : signature.Length == scheme.MlDsa!.SignatureSizeInBytes;
        if (!isRight)
        {
            throw new CryptographicException(
                $"The private key does not belong to the certificate {certificates.Issuer.Subject}: its signature does not verify.");
        }
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
