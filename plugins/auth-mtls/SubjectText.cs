using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kipuka.Plugins.AuthMtls;

/// <summary>
/// A distinguished name as one line: attributes in encoded order, <c>CN=x,O=y</c>, with special and control characters inside a value as
/// hex pairs, so that neither a separator nor a line break can be smuggled in.
/// </summary>
internal static class SubjectText
{
    private const int Longest = 1024;

    private static readonly Dictionary<string, string> Names = new()
    {
        ["2.5.4.3"] = "CN", ["2.5.4.5"] = "serialNumber", ["2.5.4.6"] = "C", ["2.5.4.7"] = "L", ["2.5.4.8"] = "ST", ["2.5.4.9"] = "street",
        ["2.5.4.10"] = "O", ["2.5.4.11"] = "OU", ["0.9.2342.19200300.100.1.1"] = "UID", ["0.9.2342.19200300.100.1.25"] = "DC",
        ["1.2.840.113549.1.9.1"] = "emailAddress",
    };

    /// <summary>The text, cut after 1024 characters; empty for an empty name.</summary>
    public static string Of(X500DistinguishedName name)
    {
        var text = new StringBuilder();
        var rdns = new AsnReader(name.RawData, AsnEncodingRules.BER).ReadSequence();
        while (rdns.HasData && text.Length < Longest)
        {
            var separator = text.Length == 0 ? "" : ",";
            var attributes = rdns.ReadSetOf(skipSortOrderValidation: true);
            while (attributes.HasData)
            {
                Append(text.Append(separator), attributes.ReadSequence());
                separator = "+";
            }
        }
        return text.Length <= Longest ? text.ToString() : text.ToString(0, Longest);
    }

    private static void Append(StringBuilder text, AsnReader attribute)
    {
        var oid = attribute.ReadObjectIdentifier();
        text.Append(Names.GetValueOrDefault(oid, oid)).Append('=');
        var tag = attribute.PeekTag();
        if (tag.TagClass == TagClass.Universal && (UniversalTagNumber)tag.TagValue is UniversalTagNumber.UTF8String
            or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.T61String
            or UniversalTagNumber.BMPString)
        {
            Escape(text, attribute.ReadCharacterString((UniversalTagNumber)tag.TagValue));
        }
        else
        {
            text.Append('#').Append(Convert.ToHexStringLower(attribute.ReadEncodedValue().Span));
        }
    }

    private static void Escape(StringBuilder text, string value)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in value.EnumerateRunes())
        {
            if (!IsSpecial(rune))
            {
                text.Append(rune.ToString());
                continue;
            }
            foreach (var part in utf8[..rune.EncodeToUtf8(utf8)])
            {
                text.Append('\\').Append(part.ToString("X2", CultureInfo.InvariantCulture));
            }
        }
    }

    // Format characters too: a right-to-left override makes a log line read as something else.
    private static bool IsSpecial(Rune rune)
        => rune.Value is ',' or '+' or '"' or '\\' or '<' or '>' or ';' or '=' or '#'
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
