using System.Formats.Asn1;
using System.Net;
using System.Text;

namespace Kipuka.Pki;

/// <summary>The choices of GeneralName; the numbers are their tags (RFC 5280 4.2.1.6).</summary>
internal enum GeneralNameKind
{
    OtherName = 0,
    Email = 1,
    Dns = 2,
    X400Address = 3,
    DirectoryName = 4,
    EdiPartyName = 5,
    Uri = 6,
    Ip = 7,
    RegisteredId = 8,
}

/// <summary>One entry of a subjectAltName. Equal when the names are, decoded; the bytes may differ.</summary>
internal sealed class GeneralName : IEquatable<GeneralName>
{
    private readonly string _canonical;

    private GeneralName(GeneralNameKind kind, ReadOnlyMemory<byte> raw, string value, string? canonical = null)
    {
        Kind = kind;
        Raw = raw;
        Value = value;
        _canonical = canonical ?? value;
    }

    public GeneralNameKind Kind { get; }

    /// <summary>The entry as encoded, tag and all.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>
    /// DNS, e-mail, URI: the string itself. IP: the address's text, or hex where the length is wrong. Directory name: its text.
    /// Registered id: the OID. Other name: <c>OID:hex</c>. Anything else: hex.
    /// </summary>
    public string Value { get; }

    /// <summary>The address, where this is one of a right length.</summary>
    public IPAddress? Address { get; private init; }

    /// <summary>The directory name, where this is one.</summary>
    public DistinguishedName? Directory { get; private init; }

    /// <summary>The type of an other name.</summary>
    public string? TypeId { get; private init; }

    /// <summary>The value of an other name, as encoded inside its [0].</summary>
    public ReadOnlyMemory<byte> OtherValue { get; private init; }

    /// <summary>A DNS name whose first label is <c>*</c>; whether wildcards are wanted is for policy to say.</summary>
    public bool IsWildcard => Kind == GeneralNameKind.Dns && Value.StartsWith("*.", StringComparison.Ordinal);

    /// <summary>
    /// For logs and patterns: <c>DNS:x</c>, <c>IP:10.0.0.1</c>, <c>email:x</c>, <c>URI:x</c>, escaped as <see cref="NameText"/> says.
    /// </summary>
    public string Text => Kind == GeneralNameKind.DirectoryName ? $"dirName:{Value}" : $"{Prefix}:{NameText.Escape(Value)}";

    public static GeneralName Dns(string name) => Ia5(GeneralNameKind.Dns, name);

    public static GeneralName Email(string address) => Ia5(GeneralNameKind.Email, address);

    public static GeneralName Uri(string uri) => Ia5(GeneralNameKind.Uri, uri);

    public static GeneralName Ip(IPAddress address) =>
        Build(writer => writer.WriteOctetString(address.GetAddressBytes(), Tag(GeneralNameKind.Ip)));

    public static GeneralName DirectoryName(DistinguishedName name) => Build(writer =>
    {
        using var tagged = writer.PushSequence(Tag(GeneralNameKind.DirectoryName));
        writer.WriteEncodedValue(name.Raw.Span);
    });

    /// <summary>The same for two names exactly when they are equal.</summary>
    internal string CanonicalText => $"{(int)Kind}:{_canonical}";

    /// <summary>What is wrong with the name, as a clause that follows its text, or null.</summary>
    public string? Problem() => GeneralNameSyntax.Problem(this);

    public bool Equals(GeneralName? other) => other is not null && Kind == other.Kind && _canonical == other._canonical;

    public override bool Equals(object? obj) => Equals(obj as GeneralName);

    public override int GetHashCode() => HashCode.Combine(Kind, _canonical);

    public override string ToString() => Text;

    internal static GeneralName Read(AsnReader reader)
    {
        var tag = reader.PeekTag();
        if (tag.TagClass != TagClass.ContextSpecific || tag.TagValue > (int)GeneralNameKind.RegisteredId)
            throw new MalformedException("a general name has an unknown tag");
        var kind = (GeneralNameKind)tag.TagValue;
        var raw = reader.PeekEncodedValue();
        switch (kind)
        {
            case GeneralNameKind.Dns or GeneralNameKind.Email or GeneralNameKind.Uri:
                var text = reader.ReadCharacterString(UniversalTagNumber.IA5String, Tag(kind));
                return new GeneralName(kind, raw, text, GeneralNameSyntax.Fold(kind, text));
            case GeneralNameKind.Ip:
                var octets = reader.ReadOctets(Tag(kind)).Span;
                var hex = Convert.ToHexStringLower(octets);
                var address = octets.Length is 4 or 16 ? new IPAddress(octets) : null;
                return new GeneralName(kind, raw, address?.ToString() ?? hex, hex) { Address = address };
            case GeneralNameKind.DirectoryName:
                var tagged = reader.ReadSequence(Tag(kind)); // a CHOICE is always tagged explicitly
                var name = DistinguishedName.Parse(tagged.ReadEncodedValue(), "a directory name");
                tagged.ThrowIfNotEmpty();
                return new GeneralName(kind, raw, name.Text, name.CanonicalText) { Directory = name };
            case GeneralNameKind.RegisteredId:
                return new GeneralName(kind, raw, reader.ReadOid(Tag(kind)));
            case GeneralNameKind.OtherName:
                return ReadOther(reader.ReadSequence(Tag(kind)), raw);
            default: // X.400 and EDI party names: carried, compared by their bytes, and never understood
                reader.ReadEncodedValue();
                return new GeneralName(kind, raw, Convert.ToHexStringLower(raw.Span));
        }
    }

    private string Prefix => Kind switch
    {
        GeneralNameKind.Dns => "DNS",
        GeneralNameKind.Ip => "IP",
        GeneralNameKind.Email => "email",
        GeneralNameKind.Uri => "URI",
        GeneralNameKind.RegisteredId => "RID",
        GeneralNameKind.OtherName => "otherName",
        GeneralNameKind.X400Address => "x400",
        _ => "ediParty",
    };

    private static GeneralName ReadOther(AsnReader other, ReadOnlyMemory<byte> raw)
    {
        var type = other.ReadOid();
        var tagged = other.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
        var value = tagged.ReadEncodedValue();
        tagged.ThrowIfNotEmpty();
        other.ThrowIfNotEmpty();
        return new GeneralName(GeneralNameKind.OtherName, raw, $"{type}:{Convert.ToHexStringLower(value.Span)}")
        {
            TypeId = type,
            OtherValue = value,
        };
    }

    private static GeneralName Ia5(GeneralNameKind kind, string text) => Ascii.IsValid(text)
        ? Build(writer => writer.WriteCharacterString(UniversalTagNumber.IA5String, text, Tag(kind)))
        : throw new MalformedException($"a {kind} name has a character outside ASCII");

    private static GeneralName Build(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return Der.Read(writer.Encode(), "a general name", Read);
    }

    private static Asn1Tag Tag(GeneralNameKind kind) => new(TagClass.ContextSpecific, (int)kind);
}
