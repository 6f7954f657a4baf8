using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>One attribute of a name: its type, its value as text (null for a value that is no string), and the value as encoded.</summary>
internal sealed class NameAttribute
{
    private NameAttribute(string oid, string? value, ReadOnlyMemory<byte> encoded)
    {
        Oid = oid;
        Value = value;
        Encoded = encoded;
    }

    public string Oid { get; }

    public string? Value { get; }

    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>An attribute of ours, its value in the string type that RFC 5280 gives it.</summary>
    public static NameAttribute Create(string oid, string value)
    {
        if (value.Length > Limits.NameValueChars)
            throw new MalformedException($"a name's {AttributeType.Print(oid)} is longer than {Limits.NameValueChars} characters");
        var encoding = AttributeType.ByOid(oid)?.Encoding ?? UniversalTagNumber.UTF8String;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        try
        {
            writer.WriteCharacterString(encoding, value);
        }
        catch (ArgumentException) // EncoderFallbackException: the type cannot carry a character
        {
            throw new MalformedException($"a name's {AttributeType.Print(oid)} has a character that a {encoding} cannot carry");
        }
        return new NameAttribute(oid, value, writer.Encode());
    }

    internal static NameAttribute Read(AsnReader reader)
    {
        var sequence = reader.ReadSequence();
        var oid = sequence.ReadOid();
        var encoded = sequence.PeekEncodedValue();
        var value = sequence.ReadAnyString();
        if (value is null) sequence.ReadEncodedValue();
        sequence.ThrowIfNotEmpty();
        if (value?.Length > Limits.NameValueChars || encoded.Length > 4 * Limits.NameValueChars + 8)
            throw new MalformedException($"a name's {AttributeType.Print(oid)} is longer than {Limits.NameValueChars} characters");
        return new NameAttribute(oid, value, encoded);
    }

    /// <summary>
    /// The same value in the string type RFC 5280 gives it. Types that we do not know, and values that are no strings, stay as they
    /// are: their syntax is not ours to change.
    /// </summary>
    internal NameAttribute ReEncoded() => Value is null || AttributeType.ByOid(Oid) is null ? this : Create(Oid, Value);

    internal void Write(AsnWriter writer)
    {
        using var sequence = writer.PushSequence();
        writer.WriteObjectIdentifier(Oid);
        writer.WriteEncodedValue(Encoded.Span);
    }
}
