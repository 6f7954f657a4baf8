using System.Formats.Asn1;

namespace Kipuka.Pki.Cmc;

/// <summary>CertTemplate (RFC 4211 5): what a certificate shall be. RFC 5272 3.2.1.2.2 has subject and key always there.</summary>
/// <param name="NotBefore">Where the client asks for one.</param>
/// <param name="NotAfter">Likewise.</param>
internal sealed record CertificateTemplate(
    DistinguishedName Subject, PublicKeyInfo PublicKey, DateTimeOffset? NotBefore, DateTimeOffset? NotAfter, IReadOnlyList<CertificateExtension> Extensions)
{
    private const string What = "the certificate template";

    public static CertificateTemplate Read(AsnReader template)
    {
        if (Stands(template, 0) && (!template.TryReadInt32(out var version, Tag(0)) || version != 2))
            throw new MalformedException($"{What} asks for a version other than 3 (RFC 4211 5)");
        foreach (var (number, name) in (ReadOnlySpan<(int, string)>)[(1, "serialNumber"), (2, "signingAlg")])
        {
            // These two are the CA's alone: RFC 4211 5 has them omitted.
            if (Stands(template, number)) throw new MalformedException($"{What} sets {name}, which is the CA's to choose (RFC 4211 5)");
        }
        if (Stands(template, 3)) template.ReadEncodedValue(); // the issuer a client expects: the label decides
        var (notBefore, notAfter) = Stands(template, 4) ? ReadValidity(template.ReadSequence(Tag(4))) : (null, null);
        var subject = Stands(template, 5) ? ReadSubject(template.ReadSequence(Tag(5))) : throw Missing("subject");
        var key = Stands(template, 6) ? ReadKey(template.ReadEncodedValue()) : throw Missing("publicKey");
        if (Stands(template, 7) || Stands(template, 8)) throw new MalformedException($"{What} has a unique identifier (RFC 5280 4.1.2.8)");
        var extensions = Stands(template, 9) ? ReadExtensions(template.ReadEncodedValue()) : [];
        template.ThrowIfNotEmpty();
        return new CertificateTemplate(subject, key, notBefore, notAfter, extensions);
    }

    private static (DateTimeOffset?, DateTimeOffset?) ReadValidity(AsnReader validity)
    {
        var times = (ReadTime(validity, 0), ReadTime(validity, 1));
        validity.ThrowIfNotEmpty();
        return times;
    }

    // Time is a CHOICE, so its tags are explicit.
    private static DateTimeOffset? ReadTime(AsnReader validity, int number)
    {
        if (!Stands(validity, number)) return null;
        var tagged = validity.ReadSequence(Tag(number));
        var time = tagged.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? tagged.ReadUtcTime(2049) : tagged.ReadGeneralizedTime();
        tagged.ThrowIfNotEmpty();
        return time;
    }

    // So is Name.
    private static DistinguishedName ReadSubject(AsnReader tagged)
    {
        var name = DistinguishedName.Parse(tagged.ReadEncodedValue(), $"the subject of {What}");
        tagged.ThrowIfNotEmpty();
        return name;
    }

    private static PublicKeyInfo ReadKey(ReadOnlyMemory<byte> tagged) => PublicKeyInfo.Parse(AsSequence(tagged), $"the public key of {What}");

    private static IReadOnlyList<CertificateExtension> ReadExtensions(ReadOnlyMemory<byte> tagged)
        => Der.Read(AsSequence(tagged), $"the extensions of {What}", CertificateExtension.ReadList);

    private static byte[] AsSequence(ReadOnlyMemory<byte> tagged) => Der.Retag(tagged, UniversalTagNumber.Sequence, What);

    private static Asn1Tag Tag(int number) => new(TagClass.ContextSpecific, number);

    private static bool Stands(AsnReader reader, int number) => reader.HasData && reader.PeekTag().HasSameClassAndValue(Tag(number));

    private static MalformedException Missing(string field) => new($"{What} has no {field} (RFC 5272 3.2.1.2.2)");
}
