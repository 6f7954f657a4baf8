using System.Formats.Asn1;

namespace Kipuka.Pki.Cmc;

/// <summary>The choices of TaggedRequest; the numbers are their tags (RFC 5272 3.2.1.2).</summary>
internal enum TaggedRequestKind
{
    Pkcs10 = 0,
    Crmf = 1,
    Other = 2,
}

/// <summary>One request of a PKIData. Its own parts are parsed later: one wrong request spoils no other.</summary>
/// <param name="BodyPart">For CRMF the certReqId.</param>
/// <param name="Kind">What the value is.</param>
/// <param name="Value">A CertificationRequest, a CertReqMsg (as a SEQUENCE), or the value of another kind.</param>
internal sealed record TaggedRequest(uint BodyPart, TaggedRequestKind Kind, ReadOnlyMemory<byte> Value)
{
    public static TaggedRequest Read(AsnReader reader)
    {
        var tag = reader.PeekTag();
        if (tag.TagClass != TagClass.ContextSpecific || tag.TagValue > (int)TaggedRequestKind.Other)
            throw new MalformedException("a request is none of tcr, crm and orm (RFC 5272 3.2.1.2)");
        var kind = (TaggedRequestKind)tag.TagValue;
        if (kind == TaggedRequestKind.Crmf) return ReadCrmf(reader.ReadEncodedValue());
        var sequence = reader.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, tag.TagValue));
        var bodyPart = BodyParts.Read(sequence);
        if (kind == TaggedRequestKind.Other) sequence.ReadOid();
        var value = sequence.ReadEncodedValue();
        sequence.ThrowIfNotEmpty();
        return new TaggedRequest(bodyPart, kind, value);
    }

    // The tag is implicit: with SEQUENCE's own in its place the value is a CertReqMsg, whose certReqId is the body part.
    private static TaggedRequest ReadCrmf(ReadOnlyMemory<byte> tagged)
    {
        var bytes = Der.Retag(tagged, UniversalTagNumber.Sequence, "a CertReqMsg");
        var id = Der.Read(bytes, "a CertReqMsg", static reader => BodyParts.Read(reader.ReadSequence().ReadSequence()), AsnEncodingRules.BER);
        return new TaggedRequest(id, TaggedRequestKind.Crmf, bytes);
    }
}
