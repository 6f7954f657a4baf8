using Kipuka.Pki.Cmc;

namespace Kipuka.Pki;

/// <summary>
/// The ticket that a request's possession of its private key has been settled. Policy takes nothing else, and only the methods here make one.
/// </summary>
internal sealed class ProvenRequest
{
    private ProvenRequest(IRequestedCertificate request, PublicKeyInfo publicKey, SignatureAlgorithm? signature, bool possessionProven)
    {
        Request = request;
        PublicKey = publicKey;
        Signature = signature;
        PossessionProven = possessionProven;
    }

    public IRequestedCertificate Request { get; }

    /// <summary>The key to certify: the request's, or the one made for it.</summary>
    public PublicKeyInfo PublicKey { get; }

    /// <summary>What signature proved possession; null where none was looked at.</summary>
    public SignatureAlgorithm? Signature { get; }

    /// <summary>False only where the label does not ask for it.</summary>
    public bool PossessionProven { get; }

    /// <summary>The certificate under which a key that cannot sign was stated to be possessed (RFC 9883); null where the key signed.</summary>
    public CertificateFields? StatedUnder { get; private init; }

    /// <param name="request">The request as parsed.</param>
    /// <param name="requirePossession">Whether the self-signature must hold; otherwise it is not looked at.</param>
    /// <exception cref="PossessionException">The signature is not by the request's own key (RFC 2986 3).</exception>
    /// <exception cref="MalformedException">The signature's algorithm is not one that we take.</exception>
    public static ProvenRequest Prove(CertificationRequest request, bool requirePossession)
    {
        if (requirePossession && !request.PublicKey.KeyType.Signs)
            throw new PossessionException($"an {request.PublicKey.KeyType} key cannot sign; add a privateKeyPossessionStatement (RFC 9883)");
        if (requirePossession && !request.VerifySignature())
            throw new PossessionException("the CSR is not signed with the key that it carries");
        var signature = requirePossession ? SignatureAlgorithms.Parse(request.SignatureAlgorithm) : null;
        return new ProvenRequest(request, request.PublicKey, signature, requirePossession);
    }

    /// <summary>A request for a key that cannot sign, signed under another certificate of the same subject (RFC 9883).</summary>
    /// <param name="request">The request as parsed.</param>
    /// <param name="signer">That certificate. Whether it is to be believed is for the caller to say.</param>
    /// <exception cref="PossessionException">The signature is not by the certificate's key, or the request's own key could sign.</exception>
    /// <exception cref="MalformedException">The signature's algorithm is not one that we take.</exception>
    public static ProvenRequest ProveByStatement(CertificationRequest request, CertificateFields signer)
    {
        if (request.PublicKey.KeyType.Signs)
            throw new PossessionException($"an {request.PublicKey.KeyType} key signs for itself; a privateKeyPossessionStatement is for keys that cannot");
        if (!signer.PublicKey.Verify(request.SignedBytes.Span, request.Signature.Span, request.SignatureAlgorithm))
            throw new PossessionException("the CSR is not signed with the key of the certificate that its privateKeyPossessionStatement names");
        return new ProvenRequest(request, request.PublicKey, SignatureAlgorithms.Parse(request.SignatureAlgorithm), true) { StatedUnder = signer };
    }

    /// <summary>The same for a CRMF request.</summary>
    /// <exception cref="PossessionException">The signature is not by the request's own key (RFC 4211 4.1), or there is none.</exception>
    /// <exception cref="MalformedException">The signature's algorithm is not one that we take.</exception>
    public static ProvenRequest Prove(CertificateMessage request, bool requirePossession)
    {
        if (requirePossession && !request.VerifySignature())
            throw new PossessionException("the CRMF request is not signed with the key that it carries");
        var signature = requirePossession && request.Possession is CrmfPossession.Signed signed ? SignatureAlgorithms.Parse(signed.Algorithm) : null;
        return new ProvenRequest(request, request.PublicKey, signature, requirePossession);
    }

    /// <summary>A request whose possession a registration authority vouches for (RFC 5272 6.8): who calls this has judged that it may.</summary>
    public static ProvenRequest Attested(IRequestedCertificate request) => new(request, request.PublicKey, null, true);

    /// <summary>A request whose key the server is going to make: the CSR's own key and signature are not looked at (RFC 7030 4.4.1).</summary>
    public static ProvenRequest ForServerKey(CertificationRequest request) => new(request, request.PublicKey, null, true);

    /// <summary>The same request with the key that the server has made.</summary>
    public static ProvenRequest ForServerKey(ProvenRequest request, PublicKeyInfo serverKey) => new(request.Request, serverKey, null, true);
}
