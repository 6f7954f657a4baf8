using System.Formats.Asn1;

namespace Kipuka.Pki.Cmc;

/// <summary>ProofOfPossession (RFC 4211 4).</summary>
internal abstract record CrmfPossession
{
    private CrmfPossession()
    {
    }

    /// <summary>None is given.</summary>
    internal sealed record Absent : CrmfPossession;

    /// <summary>A registration authority says that it has seen one.</summary>
    internal sealed record RaVerified : CrmfPossession;

    /// <summary>The key signed the CertRequest.</summary>
    internal sealed record Signed(AlgorithmIdentifier Algorithm, ReadOnlyMemory<byte> Signature) : CrmfPossession;

    /// <summary>The choice, read off the rest of a CertReqMsg.</summary>
    public static CrmfPossession Read(AsnReader message)
    {
        switch (message.PeekTag().TagValue)
        {
            case 0:
                message.ReadNull(Tag(0));
                return new RaVerified();
            case 1:
                return ReadSigned(message.ReadSequence(Tag(1)));
            case 2:
                throw new MalformedException("proof of possession by keyEncipherment is not taken: sign the request, or send it to /serverkeygen");
            case 3:
                throw new MalformedException("proof of possession by keyAgreement is not taken: sign the request, or send it to /serverkeygen");
            default:
                throw new MalformedException("the proof of possession is of an unknown kind (RFC 4211 4)");
        }
    }

    private static Signed ReadSigned(AsnReader key)
    {
        // RFC 5272 3.2.1.2.2: subject and key are always in the template, so the other input must not be used.
        if (key.HasData && key.PeekTag().TagClass == TagClass.ContextSpecific)
            throw new MalformedException("the proof of possession has a poposkInput, which CMC does not allow (RFC 5272 3.2.1.2.2)");
        var signed = new Signed(AlgorithmIdentifier.Read(key), key.ReadWholeBits("the proof of possession"));
        key.ThrowIfNotEmpty();
        return signed;
    }

    private static Asn1Tag Tag(int number) => new(TagClass.ContextSpecific, number);
}
