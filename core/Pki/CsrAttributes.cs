using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>One AttrOrOID of a CsrAttrs: an OID alone (no values), or an attribute with encoded values (RFC 8951 3.5).</summary>
internal sealed record CsrAttribute(string Oid, IReadOnlyList<ReadOnlyMemory<byte>>? Values = null);

/// <summary>The body of /csrattrs (RFC 7030 4.5.2 as RFC 8951 3.5 corrects it; RFC 9908).</summary>
internal static class CsrAttributes
{
    public static byte[] Encode(IReadOnlyList<string> oids) => Encode([.. oids.Select(oid => new CsrAttribute(oid))]);

    public static byte[] Encode(IReadOnlyList<CsrAttribute> attributes)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var attribute in attributes) Write(writer, attribute);
        }
        return writer.Encode();
    }

    /// <summary>The elements, whatever they are: a client ignores those it does not know (RFC 7030 4.5.2).</summary>
    public static IReadOnlyList<CsrAttribute> Decode(ReadOnlyMemory<byte> der) =>
        Der.Read(der, "the CSR attributes", static reader => ReadAll(reader.ReadSequence()));

    internal static IReadOnlyList<CsrAttribute> ReadAll(AsnReader list)
    {
        var attributes = new List<CsrAttribute>();
        while (list.HasData)
        {
            Limits.Check(attributes.Count + 1, Limits.RequestAttributes, "too many CSR attributes");
            var bare = list.PeekTag() == Asn1Tag.ObjectIdentifier;
            attributes.Add(bare ? new CsrAttribute(list.ReadOid()) : Read(list.ReadSequence()));
        }
        return attributes;
    }

    private static void Write(AsnWriter writer, CsrAttribute attribute)
    {
        if (attribute.Values is not { } values)
        {
            writer.WriteObjectIdentifier(attribute.Oid);
            return;
        }
        using var sequence = writer.PushSequence();
        writer.WriteObjectIdentifier(attribute.Oid);
        using var set = writer.PushSetOf();
        foreach (var value in values) writer.WriteEncodedValue(value.Span);
    }

    private static CsrAttribute Read(AsnReader attribute)
    {
        var oid = attribute.ReadOid();
        var values = new List<ReadOnlyMemory<byte>>();
        for (var set = attribute.ReadSetOf(); set.HasData; values.Add(set.ReadEncodedValue()))
            Limits.Check(values.Count + 1, Limits.AttributeValues, "a CSR attribute has too many values");
        attribute.ThrowIfNotEmpty();
        return new CsrAttribute(oid, values);
    }
}
