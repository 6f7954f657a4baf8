namespace Kipuka.Pki;

/// <summary>
/// The ticket that a request's possession of its private key has been settled. Policy takes nothing else, and only
/// <see cref="Prove"/> makes one.
/// </summary>
internal sealed class ProvenRequest
{
    private ProvenRequest(CertificationRequest request, bool possessionProven)
    {
        Request = request;
        PossessionProven = possessionProven;
    }

    public CertificationRequest Request { get; }

    /// <summary>False only where the label does not ask for it, or the key is ours to make (RFC 7030 4.4.1).</summary>
    public bool PossessionProven { get; }

    /// <param name="request">The request as parsed.</param>
    /// <param name="requirePossession">Whether the self-signature must hold; otherwise it is not looked at.</param>
    /// <exception cref="PossessionException">The signature is not by the request's own key (RFC 2986 3).</exception>
    /// <exception cref="MalformedException">The signature's algorithm is not one that we take.</exception>
    public static ProvenRequest Prove(CertificationRequest request, bool requirePossession)
    {
        if (requirePossession && !request.VerifySignature())
            throw new PossessionException("the CSR is not signed with the key that it carries");
        return new ProvenRequest(request, requirePossession);
    }
}
