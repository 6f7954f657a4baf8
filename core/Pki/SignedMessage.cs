using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Kipuka.Pki;

/// <summary>A SignedData (RFC 5652 section 5) as it came: read, and not believed before <see cref="VerifySigner"/>.</summary>
internal sealed class SignedMessage
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1);

    private readonly SignerInfo _signer;

    private SignedMessage(string contentType, ReadOnlyMemory<byte> content, IReadOnlyList<ReadOnlyMemory<byte>> certificates, SignerInfo signer)
    {
        ContentType = contentType;
        Content = content;
        Certificates = certificates;
        _signer = signer;
    }

    public string ContentType { get; }

    /// <summary>Where the message is DER, a part of the memory that was parsed.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; }

    /// <summary>The SEQUENCE of a SignedData with one signer, as it stands in an envelope; BER as well.</summary>
    public static SignedMessage Parse(ReadOnlyMemory<byte> signedData) =>
        Der.Read(signedData, "the signed message", Read, AsnEncodingRules.BER);

    /// <summary>The certificate, from the message, whose key signed it. Whether it is trusted is the caller's to find out.</summary>
    /// <exception cref="MalformedException">There is none, or the signature or the digest is wrong.</exception>
    public CertificateFields VerifySigner()
    {
        var certificate = Certificates.Select(CertificateFields.Parse).FirstOrDefault(_signer.Names)
            ?? throw new MalformedException("the signed message lacks its signer's certificate");
        var signed = Content.Span;
        if (_signer.Attributes is { } attributes)
        {
            _signer.CheckAttributes(ContentType, signed);
            signed = attributes.Span;
        }
        return _signer.Algorithm.Verify(certificate.PublicKey, signed, _signer.Signature.Span)
            ? certificate
            : throw new MalformedException("the signature of the signed message is wrong");
    }

    private static SignedMessage Read(AsnReader reader)
    {
        var signed = reader.ReadSequence();
        if (!signed.TryReadInt32(out var version) || version is < 1 or > 5) throw new MalformedException("the signed message has an unknown version");
        signed.ReadSetOf(skipSortOrderValidation: true);
        var encapsulated = signed.ReadSequence();
        var type = encapsulated.ReadOid();
        var content = encapsulated.ReadSequence(Context0).ReadOctets();
        var certificates = new List<ReadOnlyMemory<byte>>();
        if (signed.PeekTag().HasSameClassAndValue(Context0))
        {
            for (var set = signed.ReadSetOf(skipSortOrderValidation: true, Context0); set.HasData;)
            {
                Limits.Check(certificates.Count + 1, Limits.CertificatesInBundle, "the signed message has too many certificates");
                var isCertificate = set.PeekTag() == Asn1Tag.Sequence;
                var value = set.ReadEncodedValue();
                if (isCertificate) certificates.Add(value);
            }
        }
        if (signed.PeekTag().HasSameClassAndValue(Context1)) signed.ReadEncodedValue(); // revocation lists
        var signers = signed.ReadSetOf(skipSortOrderValidation: true);
        signed.ThrowIfNotEmpty();
        var signer = SignerInfo.Read(signers);
        return signers.HasData
            ? throw new MalformedException("the signed message has more than one signer")
            : new SignedMessage(type, content, certificates, signer);
    }
}
