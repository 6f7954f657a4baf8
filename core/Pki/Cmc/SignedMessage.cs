using System.Formats.Asn1;

namespace Kipuka.Pki.Cmc;

/// <summary>
/// A CMS SignedData (RFC 5652 5.1) with its content inside, read and not yet believed. BER, since that is what CMS is; certificates and what is
/// signed stay DER. Whether a signer is trusted is not a question of this room.
/// </summary>
internal sealed class SignedMessage
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1);

    private SignedMessage(string contentType, ReadOnlyMemory<byte> content, IReadOnlyList<CertificateFields> certificates, IReadOnlyList<MessageSignature> signatures)
    {
        ContentType = contentType;
        Content = content;
        Certificates = certificates;
        Signatures = signatures;
    }

    public string ContentType { get; }

    /// <summary>The content of the eContent.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>What the message carries, in its order: signers' certificates and their issuers'.</summary>
    public IReadOnlyList<CertificateFields> Certificates { get; }

    /// <summary>Empty where nobody signed; entries that say so (RFC 5272 5.1's id-alg-noSignature) are among them.</summary>
    public IReadOnlyList<MessageSignature> Signatures { get; }

    /// <summary>The bytes are kept, not copied: they must not change afterwards. Their number is for the caller to limit.</summary>
    public static SignedMessage Parse(ReadOnlyMemory<byte> message) => Der.Read(message, "the CMS message", Read, AsnEncodingRules.BER);

    /// <summary>The same without the ContentInfo around, as a SignedData stands in an envelope (RFC 5652 6.3).</summary>
    public static SignedMessage ParseSignedData(ReadOnlyMemory<byte> signedData)
        => Der.Read(signedData, "the signed message", ReadSignedData, AsnEncodingRules.BER);

    private static SignedMessage Read(AsnReader reader)
    {
        var info = reader.ReadSequence();
        var type = info.ReadOid();
        if (type != Oids.SignedData) throw new MalformedException($"the CMS message is not a SignedData but {type} (RFC 7030 4.3.1)");
        var tagged = info.ReadSequence(Context0);
        info.ThrowIfNotEmpty();
        var message = ReadSignedData(tagged);
        tagged.ThrowIfNotEmpty();
        return message;
    }

    private static SignedMessage ReadSignedData(AsnReader reader)
    {
        var signed = reader.ReadSequence();
        if (!signed.TryReadInt32(out var version) || version is < 1 or > 5) throw new MalformedException("the SignedData has an unknown version");
        signed.ReadSetOf(skipSortOrderValidation: true); // digestAlgorithms: a hint for one-pass readers
        var encapsulated = signed.ReadSequence();
        var contentType = encapsulated.ReadOid();
        var content = ReadContent(encapsulated);
        var certificates = ReadCertificates(signed);
        if (signed.HasData && signed.PeekTag().HasSameClassAndValue(Context1)) signed.ReadEncodedValue(); // CRLs: the ledger knows better
        var signatures = new List<MessageSignature>();
        for (var set = signed.ReadSetOf(skipSortOrderValidation: true); set.HasData; signatures.Add(MessageSignature.Read(set.ReadSequence())))
            Limits.Check(signatures.Count + 1, Limits.CmcSigners, "the SignedData has too many signers");
        signed.ThrowIfNotEmpty();
        return new SignedMessage(contentType, content, certificates, signatures);
    }

    private static ReadOnlyMemory<byte> ReadContent(AsnReader encapsulated)
    {
        if (!encapsulated.HasData) throw new MalformedException("the SignedData has no content (RFC 5652 5.2)");
        var tagged = encapsulated.ReadSequence(Context0);
        encapsulated.ThrowIfNotEmpty();
        var content = tagged.ReadOctets();
        tagged.ThrowIfNotEmpty();
        return content;
    }

    private static List<CertificateFields> ReadCertificates(AsnReader signed)
    {
        var certificates = new List<CertificateFields>();
        if (!signed.PeekTag().HasSameClassAndValue(Context0)) return certificates;
        var count = 0;
        for (var set = signed.ReadSetOf(skipSortOrderValidation: true, Context0); set.HasData;)
        {
            Limits.Check(++count, Limits.CmcCertificates, "the SignedData has too many certificates");
            var isCertificate = set.PeekTag() == Asn1Tag.Sequence; // other choices are attribute certificates and the like
            var value = set.ReadEncodedValue();
            if (isCertificate) certificates.Add(CertificateFields.Parse(value));
        }
        return certificates;
    }
}
