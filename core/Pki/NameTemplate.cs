using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>One attribute of the subject that a CSR shall have (RFC 9908 3.4). Without a value the client fills it in.</summary>
/// <param name="Oid">The attribute's type.</param>
/// <param name="Value">The value as encoded.</param>
internal sealed record NameTemplate(string Oid, ReadOnlyMemory<byte>? Value = null)
{
    /// <summary>The value as text, hex where it is no string; null where it is the client's.</summary>
    public string? Text => Value is { } value
        ? Der.Read(value, "a template's name", static reader => reader.ReadAnyString() ?? Convert.ToHexStringLower(reader.ReadEncodedValue().Span))
        : null;

    public static NameTemplate Of(string oid, string? value) => value is null
        ? new NameTemplate(oid)
        : new NameTemplate(oid, NameAttribute.Create(oid, value).Encoded);

    public static void Write(AsnWriter writer, IReadOnlyList<IReadOnlyList<NameTemplate>> rdns)
    {
        using var name = writer.PushSequence();
        foreach (var rdn in rdns)
        {
            using var set = writer.PushSetOf();
            foreach (var attribute in rdn)
            {
                using var pair = writer.PushSequence();
                writer.WriteObjectIdentifier(attribute.Oid);
                if (attribute.Value is { } value) writer.WriteEncodedValue(value.Span);
            }
        }
    }

    public static IReadOnlyList<IReadOnlyList<NameTemplate>> Read(AsnReader name)
    {
        var rdns = new List<IReadOnlyList<NameTemplate>>();
        var left = Limits.NameAttributes;
        while (name.HasData)
        {
            var rdn = new List<NameTemplate>();
            for (var set = name.ReadSetOf(); set.HasData;)
            {
                if (left-- == 0) throw new MalformedException($"a template's name has more than {Limits.NameAttributes} attributes");
                var pair = set.ReadSequence();
                rdn.Add(new NameTemplate(pair.ReadOid(), pair.HasData ? pair.ReadEncodedValue() : default(ReadOnlyMemory<byte>?)));
                pair.ThrowIfNotEmpty();
            }
            rdns.Add(rdn.Count > 0 ? rdn : throw new MalformedException("a template's name has an empty RDN"));
        }
        return rdns;
    }
}
