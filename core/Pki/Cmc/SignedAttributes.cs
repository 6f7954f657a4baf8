using System.Formats.Asn1;

namespace Kipuka.Pki.Cmc;

/// <summary>The signed attributes of a SignerInfo (RFC 5652 5.3): DER, and two of them are mandatory.</summary>
/// <param name="ContentType">The type that was signed.</param>
/// <param name="MessageDigest">The digest of the content.</param>
/// <param name="SignedBytes">What the signature covers: the attributes as a SET OF, not as the [0] they travel in.</param>
internal sealed record SignedAttributes(string ContentType, ReadOnlyMemory<byte> MessageDigest, ReadOnlyMemory<byte> SignedBytes)
{
    private const string What = "the signed attributes";

    public static SignedAttributes Parse(ReadOnlyMemory<byte> tagged)
    {
        var bytes = Der.Retag(tagged, UniversalTagNumber.SetOf, What);
        return Der.Read(bytes, What, reader => Read(reader.ReadSetOf(), bytes));
    }

    private static SignedAttributes Read(AsnReader set, ReadOnlyMemory<byte> bytes)
    {
        string? contentType = null;
        ReadOnlyMemory<byte>? digest = null;
        var seen = new HashSet<string>();
        while (set.HasData)
        {
            Limits.Check(seen.Count + 1, Limits.RequestAttributes, $"too many of {What}");
            var attribute = set.ReadSequence();
            var oid = attribute.ReadOid();
            if (!seen.Add(oid)) throw new MalformedException($"{What} hold {oid} twice");
            var values = attribute.ReadSetOf();
            attribute.ThrowIfNotEmpty();
            if (oid == Oids.ContentType) contentType = values.ReadOid();
            else if (oid == Oids.MessageDigest) digest = values.ReadOctets();
            else continue;
            values.ThrowIfNotEmpty();
        }
        return contentType is not null && digest is { } found
            ? new SignedAttributes(contentType, found, bytes)
            : throw new MalformedException($"{What} lack contentType or messageDigest (RFC 5652 5.3)");
    }
}
