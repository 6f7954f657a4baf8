using System.Globalization;
using System.Text;

namespace Kipuka.Pki;

/// <summary>
/// Names as text, for patterns and logs: <c>CN=x,O=y</c> in encoded order, <c>+</c> inside a multi-valued RDN. What could be mistaken
/// for the text's own marks, and every character that a terminal would not show, stands as hex pairs of its UTF-8 bytes, so that two
/// names have one text only if they say the same.
/// </summary>
internal static class NameText
{
    public static string Write(IReadOnlyList<IReadOnlyList<NameAttribute>> rdns, Func<string, string> fold)
    {
        var text = new StringBuilder();
        foreach (var rdn in rdns)
        {
            if (text.Length > 0) text.Append(',');
            text.AppendJoin('+', rdn.Select(attribute => Write(attribute, fold)));
        }
        return text.ToString();
    }

    public static string Write(NameAttribute attribute, Func<string, string> fold) =>
        AttributeType.Print(attribute.Oid) + "=" +
        (attribute.Value is { } value ? Escape(fold(value)) : "#" + Convert.ToHexStringLower(attribute.Encoded.Span));

    public static string Escape(string value)
    {
        var text = new StringBuilder(value.Length + 8);
        var position = 0;
        foreach (var rune in value.EnumerateRunes())
        {
            var last = position + rune.Utf16SequenceLength == value.Length;
            var edge = (rune.Value == ' ' && (position == 0 || last)) || (rune.Value == '#' && position == 0);
            if (edge || IsSpecial(rune) || IsInvisible(rune)) AppendHex(text, rune);
            else text.Append(rune);
            position += rune.Utf16SequenceLength;
        }
        return text.ToString();
    }

    private static bool IsSpecial(Rune rune) => rune.Value is ',' or '+' or '"' or '\\' or '<' or '>' or ';' or '=';

    // Format characters turn the reading direction around or have no width: in a log they would show a name that is not there.
    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static void AppendHex(StringBuilder text, Rune rune)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var octet in utf8[..rune.EncodeToUtf8(utf8)])
            text.Append('\\').Append(octet.ToString("X2", CultureInfo.InvariantCulture));
    }
}
