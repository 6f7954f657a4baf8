using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>CertificationRequestInfoTemplate (RFC 9908 3.4): what a CSR shall hold, with the places left open that the client fills.</summary>
/// <param name="Subject">The subject's RDNs; empty where nothing is said of it.</param>
/// <param name="Key">Null where nothing is said of the key.</param>
/// <param name="Extensions">The extensions to ask for, no OID twice.</param>
internal sealed record CsrTemplate(
    IReadOnlyList<IReadOnlyList<NameTemplate>> Subject, KeyWish? Key, IReadOnlyList<ExtensionTemplate> Extensions)
{
    private const string What = "the CSR template";
    private static readonly Asn1Tag KeyTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag AttributesTag = new(TagClass.ContextSpecific, 1);

    public bool IsEmpty => Subject.Count == 0 && Key is null && Extensions.Count == 0;

    public CsrAttribute ToAttribute() => new(Oids.CertificationRequestInfoTemplate, [Encode()]);

    /// <summary>The template of a list, at most one.</summary>
    public static CsrTemplate? Find(IReadOnlyList<CsrAttribute> attributes) => ListRules.Single(attributes, Oids.CertificationRequestInfoTemplate, What) is { } der
        ? Decode(der)
        : null;

    public byte[] Encode() => Der.Write(writer =>
    {
        using var template = writer.PushSequence();
        writer.WriteInteger(0);
        if (Subject.Count > 0) NameTemplate.Write(writer, Subject);
        Key?.WriteTemplate(writer, KeyTag);
        using var attributes = writer.PushSetOf(AttributesTag);
        if (Extensions.Count == 0) return;
        // Only a template may lack values, and where none is lacking it must be the plain request (RFC 9908 3.4).
        var open = Extensions.Any(extension => extension.Value is null);
        using var attribute = writer.PushSequence();
        writer.WriteObjectIdentifier(open ? Oids.ExtensionRequestTemplate : Oids.ExtensionRequest);
        using var values = writer.PushSetOf();
        writer.WriteEncodedValue(ExtensionTemplate.EncodeList(Extensions, open));
    });

    public static CsrTemplate Decode(ReadOnlyMemory<byte> der) => Der.Read(der, What, static reader =>
    {
        var template = reader.ReadSequence();
        if (!template.TryReadInt32(out var version) || version != 0) throw new MalformedException($"{What} has a version other than 0");
        IReadOnlyList<IReadOnlyList<NameTemplate>> subject =
            Stands(template, Asn1Tag.Sequence) ? NameTemplate.Read(template.ReadSequence()) : [];
        var key = Stands(template, KeyTag) ? KeyWish.ReadTemplate(template.ReadSequence(KeyTag)) : null;
        var attributes = CsrAttributes.ReadAll(template.ReadSetOf(AttributesTag));
        template.ThrowIfNotEmpty();
        return new CsrTemplate(subject, key, ReadExtensions(attributes));
    });

    private static IReadOnlyList<ExtensionTemplate> ReadExtensions(IReadOnlyList<CsrAttribute> attributes)
    {
        var full = ListRules.Single(attributes, Oids.ExtensionRequest, $"the extension request of {What}");
        var open = ListRules.Single(attributes, Oids.ExtensionRequestTemplate, $"the extension template of {What}");
        if (full is not null && open is not null) throw new MalformedException($"{What} has both an extension request and an extension template");
        return full is { } f ? ExtensionTemplate.DecodeList(f, false, $"the extension request of {What}")
            : open is { } o ? ExtensionTemplate.DecodeList(o, true, $"the extension template of {What}")
            : [];
    }

    private static bool Stands(AsnReader reader, Asn1Tag tag) => reader.HasData && reader.PeekTag().HasSameClassAndValue(tag);
}
