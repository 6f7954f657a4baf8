using Kipuka.Pki;
using Kipuka.Pki.Cmc;

namespace Kipuka.Enroll.Cmc;

/// <summary>Who signed a message, every signature checked.</summary>
/// <param name="Certificates">The signers' certificates; none of them is trusted yet.</param>
/// <param name="ByRequest">Signed with the key of a request in it instead, which proves that key and nobody's identity (RFC 5272 section 3.2).</param>
internal sealed record Signers(IReadOnlyList<CertificateFields> Certificates, bool ByRequest)
{
    public bool AreNone => Certificates.Count == 0 && !ByRequest;

    /// <param name="request">The message.</param>
    /// <param name="beside">Further certificates that a signer may have meant: those of the TLS handshake.</param>
    public static (Signers? Signers, PartOutcome? Failure) Verify(FullRequest request, IReadOnlyList<CertificateFields> beside)
    {
        var signatures = request.Message.Signatures.Where(signature => !signature.IsNone).ToList();
        if (signatures.Count is > 0 and var real && real != request.Message.Signatures.Count)
        {
            return Fail(CmcFailure.BadMessageCheck, "the message is signed, and says that it is not (RFC 6402 2.9)");
        }
        List<CertificateFields> certificates = [];
        var byRequest = false;
        foreach (var signature in signatures)
        {
            var certificate = request.Message.Certificates.Concat(beside).FirstOrDefault(signature.Signer.Names);
            try
            {
                var key = certificate?.PublicKey ?? KeyOfRequest(request, signature.Signer);
                if (key is null)
                {
                    return Fail(CmcFailure.BadMessageCheck, "the message holds no certificate of its signer, nor a request with the subject key identifier it names");
                }
                if (signature.Check(request.Message, key) is { } wrong)
                {
                    return Fail(wrong.Failure, wrong.Reason);
                }
            }
            catch (MalformedException malformed)
            {
                return Fail(CmcFailure.BadAlg, malformed.Message);
            }
            byRequest |= certificate is null;
            if (certificate is not null)
            {
                certificates.Add(certificate);
            }
        }
        return byRequest && signatures.Count > 1
            ? Fail(CmcFailure.BadRequest, "a message signed with the key of a request in it must have no other signer (RFC 5272 3.2)")
            : (new Signers(certificates, byRequest), null);
    }

    private static PublicKeyInfo? KeyOfRequest(FullRequest request, SignerName signer)
        => request.Data.Requests.Select(Read).FirstOrDefault(inner => inner is not null && signer.IsKey(inner.Requested.SubjectKeyIdentifier))?.PublicKey;

    // A request that cannot be read fails for itself, later; it is nobody's key.
    private static IRequestedCertificate? Read(TaggedRequest tagged)
    {
        try
        {
            return tagged.Kind switch
            {
                TaggedRequestKind.Pkcs10 => CertificationRequest.Parse(tagged.Value),
                TaggedRequestKind.Crmf => CertificateMessage.Parse(tagged.Value, DateTimeOffset.UnixEpoch),
                _ => null,
            };
        }
        catch (MalformedException)
        {
            return null;
        }
    }

    private static (Signers?, PartOutcome?) Fail(CmcFailure failure, string reason) => (null, PartOutcome.Failed(failure, reason, BodyParts.Message));
}
