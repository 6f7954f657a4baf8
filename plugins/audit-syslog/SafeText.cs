using System.Buffers;
using System.Globalization;
using System.Text;

namespace Kipuka.Plugins.AuditSyslog;

/// <summary>Text of the record, made fit for a message: nothing in it can end a value, forge a line or confuse a terminal.</summary>
internal static class SafeText
{
    private const int MaxNameLength = 32;
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("=]\" ");

    /// <summary>A PARAM-VALUE (RFC 5424 section 6.3.3), escaped, in UTF-8.</summary>
    public static byte[] Value(string text) => Encode(text, escape: true);

    /// <summary>A part of MSG (RFC 5424 section 6.4), in UTF-8 without its BOM.</summary>
    public static byte[] Free(string text) => Encode(text, escape: false);

    /// <summary>An SD-NAME (RFC 5424 section 6.3.2).</summary>
    public static string Name(string text)
        => Printable(text, MaxNameLength, character => NotInNames.Contains(character)) is { Length: > 0 } name ? name : "_";

    /// <summary>A header's PRINTUSASCII of limited length (RFC 5424 section 6); the NILVALUE when nothing is left.</summary>
    public static string Header(string text, int length) => Printable(text, length, _ => false) is { Length: > 0 } kept ? kept : "-";

    /// <summary>Whether a text can stand in the header as it is.</summary>
    public static bool IsPrintable(string text) => text.All(IsPrintable);

    /// <summary>How much of an encoded text stays whole within a number of bytes: no character and no escape is torn.</summary>
    public static int Fit(ReadOnlySpan<byte> encoded, int limit, bool escaped)
    {
        var fits = 0;
        while (fits < encoded.Length)
        {
            var step = encoded[fits] switch
            {
                (byte)'\\' when escaped => 2,
                < 0x80 => 1,
                < 0xE0 => 2,
                < 0xF0 => 3,
                _ => 4,
            };
            if (fits + step > limit)
            {
                break;
            }
            fits += step;
        }
        return fits;
    }

    private static byte[] Encode(string text, bool escape)
    {
        var safe = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsVisible(rune))
            {
                safe.Append(escape ? @"\\u{" : @"\u{").Append(CultureInfo.InvariantCulture, $"{rune.Value:x}").Append('}');
            }
            else
            {
                safe.Append(escape && rune.Value is '"' or '\\' or ']' ? "\\" : "").Append(rune.ToString());
            }
        }
        return Encoding.UTF8.GetBytes(safe.ToString());
    }

    // Control characters, line breaks of Unicode, and marks that turn the direction of text or hide in it.
    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static string Printable(string text, int length, Func<char, bool> isRefused)
    {
        var kept = text.Length <= length ? text : text[..length];
        return string.Create(kept.Length, (kept, isRefused), static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                var character = source.kept[i];
                target[i] = IsPrintable(character) && !source.isRefused(character) ? character : '_';
            }
        });
    }

    private static bool IsPrintable(char character) => character is > ' ' and <= '~';
}
