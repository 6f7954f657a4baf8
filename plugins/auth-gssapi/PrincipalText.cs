using System.Globalization;
using System.Text;

namespace Kipuka.Plugins.AuthGssapi;

/// <summary>
/// Principals as MIT Kerberos writes them: <c>alice@REALM</c>, <c>HTTP/host@REALM</c>. Inside a part, <c>/</c>, <c>@</c> and <c>\</c> have a backslash
/// before them.
/// </summary>
internal static class PrincipalText
{
    private const int Longest = 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Null when no honest principal is written so: not UTF-8, too long, control characters, no realm.</summary>
    public static string? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = bytes.Length <= Longest ? Strict.GetString(bytes) : "";
            return IsWhole(text) && !text.EnumerateRunes().Any(IsUnprintable) ? text : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Whether there is a name and, behind exactly one <c>@</c>, a realm.</summary>
    public static bool IsWhole(string principal)
        => Separator(principal) is var at and > 0 && at < principal.Length - 1 && Separator(principal, at + 1) < 0;

    /// <summary>What stands behind the <c>@</c>.</summary>
    public static string RealmOf(string principal) => principal[(Separator(principal) + 1)..];

    /// <summary>RFC 8062: a ticket that says nothing about who holds it.</summary>
    public static bool IsAnonymous(string principal) => principal.StartsWith("WELLKNOWN/ANONYMOUS@", StringComparison.Ordinal);

    /// <summary>One part as it is written in a principal.</summary>
    public static string Escape(string part)
        => part.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("/", "\\/", StringComparison.Ordinal).Replace("@", "\\@", StringComparison.Ordinal);

    private static int Separator(string principal, int from = 0)
    {
        for (var at = from; at < principal.Length; at++)
        {
            if (principal[at] == '\\')
            {
                at++;
            }
            else if (principal[at] == '@')
            {
                return at;
            }
        }
        return -1;
    }

    // Format characters too: a right-to-left override makes a log line read as something else.
    private static bool IsUnprintable(Rune rune)
        => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
