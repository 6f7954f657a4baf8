using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace Kipuka.Pki;

/// <summary>
/// Strict reading: the whole input is one value, and whatever the platform throws leaves as a <see cref="MalformedException"/>.
/// </summary>
internal static class Der
{
    /// <param name="der">The bytes; all of them must be consumed.</param>
    /// <param name="what">What they are, as a client may read it: "the CSR's subject".</param>
    /// <param name="read">Reads one value.</param>
    /// <param name="rules">BER only where a peer's message is known to use it.</param>
    public static T Read<T>(
        ReadOnlyMemory<byte> der, string what, Func<AsnReader, T> read, AsnEncodingRules rules = AsnEncodingRules.DER)
    {
        try
        {
            var reader = new AsnReader(der, rules);
            var value = read(reader);
            reader.ThrowIfNotEmpty();
            return value;
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            throw new MalformedException($"malformed {rules} in {what}");
        }
    }

    /// <summary>A bounded OID: the platform's reader is quadratic in the length of an arc.</summary>
    public static string ReadOid(this AsnReader reader)
    {
        CheckOid(reader.PeekContentBytes().Length);
        return reader.ReadObjectIdentifier();
    }

    public static string ReadOid(this AsnReader reader, Asn1Tag tag)
    {
        CheckOid(reader.PeekContentBytes().Length);
        return reader.ReadObjectIdentifier(tag);
    }

    /// <summary>Whether a text is an OID in dots, of a length that we would read again.</summary>
    public static bool IsOid(string text)
    {
        if (text.Length > 2 * Limits.OidBytes || !text.Contains('.', StringComparison.Ordinal)) return false;
        try
        {
            new AsnWriter(AsnEncodingRules.DER).WriteObjectIdentifier(text);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>What a writer wrote, as one step.</summary>
    public static byte[] Write(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }

    /// <summary>A value of any of the ASN.1 string types, or null (and nothing read) where another type stands.</summary>
    public static string? ReadAnyString(this AsnReader reader)
    {
        var tag = reader.PeekTag();
        if (tag.TagClass != TagClass.Universal) return null;
        switch ((UniversalTagNumber)tag.TagValue)
        {
            case UniversalTagNumber.UTF8String:
            case UniversalTagNumber.PrintableString:
            case UniversalTagNumber.IA5String:
            case UniversalTagNumber.BMPString:
            case UniversalTagNumber.T61String:
            case UniversalTagNumber.NumericString:
            case UniversalTagNumber.VisibleString:
                return reader.ReadCharacterString((UniversalTagNumber)tag.TagValue);
            case UniversalTagNumber.UniversalString:
                return DecodeUniversal(reader);
            default:
                return null;
        }
    }

    /// <summary>An OCTET STRING's content; DER has only the primitive form.</summary>
    public static ReadOnlyMemory<byte> ReadOctets(this AsnReader reader, Asn1Tag? tag = null) =>
        reader.TryReadPrimitiveOctetString(out var octets, tag) ? octets : reader.ReadOctetString(tag);

    /// <summary>A BIT STRING of whole octets, as keys and signatures are.</summary>
    public static ReadOnlyMemory<byte> ReadWholeBits(this AsnReader reader, string what)
    {
        if (!reader.TryReadPrimitiveBitString(out var unused, out var bits)) bits = reader.ReadBitString(out unused);
        if (unused != 0) throw new MalformedException($"{what} is not a whole number of octets");
        return bits;
    }

    // UniversalString is UCS-4, big endian; the platform has no reader for it.
    private static string DecodeUniversal(AsnReader reader)
    {
        var content = reader.PeekContentBytes().Span;
        reader.ReadEncodedValue();
        if (content.Length % 4 != 0) throw new AsnContentException();
        var text = new StringBuilder(content.Length / 4);
        for (; !content.IsEmpty; content = content[4..])
        {
            var scalar = BinaryPrimitives.ReadUInt32BigEndian(content);
            if (!Rune.IsValid(scalar)) throw new AsnContentException();
            text.Append(new Rune(scalar).ToString());
        }
        return text.ToString();
    }

    /// <summary>A constructed value under the tag that an IMPLICIT one stands for: what was signed, or what a parser expects.</summary>
    public static byte[] Retag(ReadOnlyMemory<byte> value, UniversalTagNumber tag, string what)
    {
        const byte Constructed = 0x20;
        const byte LongForm = 0x1F;
        var bytes = value.ToArray();
        if ((bytes[0] & Constructed) == 0 || (bytes[0] & LongForm) == LongForm) throw new MalformedException($"malformed tag in {what}");
        bytes[0] = (byte)(Constructed | (byte)tag);
        return bytes;
    }

    private static void CheckOid(int length)
    {
        if (length > Limits.OidBytes) throw new MalformedException($"an object identifier is longer than {Limits.OidBytes} bytes");
    }
}
