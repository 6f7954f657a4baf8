using System.Buffers;
using System.Globalization;

namespace Kipuka.Plugins.TransportHttps.Http;

/// <summary>The path of a request target, read so that no two readers can understand it differently.</summary>
/// <remarks>
/// Percent-encoded unreserved characters are decoded once (RFC 3986 section 6.2.2.2). A path that could be understood as another one is
/// refused, never normalised: dot segments, empty segments, backslashes, encoded slashes and control characters.
/// </remarks>
internal static class TargetPath
{
    public const int LongestPath = 1024;

    // RFC 3986 pchar and the slash. A percent sign is left only where it introduces an octet.
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/%");

    /// <summary>Reads the path of an origin-form or absolute-form target into a buffer of <see cref="LongestPath"/>.</summary>
    public static bool TryRead(ReadOnlySpan<char> target, Span<char> path, out int length)
    {
        length = 0;
        var raw = PathOf(target);
        if (raw.Length == 0 || raw[0] != '/' || raw.Length > LongestPath)
        {
            return false;
        }
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '%')
            {
                path[length++] = raw[i];
                continue;
            }
            if (raw.Length - i < 3 || !byte.TryParse(raw.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
                || value is (byte)'/' or (byte)'\\' or (byte)'%' or < 0x20 or 0x7F)
            {
                return false;
            }
            var character = (char)value;
            if (char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_' or '~')
            {
                path[length++] = character;
            }
            else
            {
                raw.Slice(i, 3).CopyTo(path[length..]);
                length += 3;
            }
            i += 2;
        }
        return IsPlain(path[..length]);
    }

    private static bool IsPlain(ReadOnlySpan<char> path)
    {
        if (path.ContainsAnyExcept(Allowed))
        {
            return false;
        }
        var segments = path[1..];
        foreach (var range in segments.Split('/'))
        {
            // The last segment may be empty: a slash at the end names a folder, and hides nothing.
            var isLast = range.End.GetOffset(segments.Length) == segments.Length;
            if (segments[range] is "." or ".." || (segments[range].IsEmpty && !isLast))
            {
                return false;
            }
        }
        return true;
    }

    private static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> target)
    {
        if (target.Length > 0 && target[0] != '/')
        {
            var authority = target.IndexOf("://", StringComparison.Ordinal);
            var slash = authority < 0 ? -1 : target[(authority + 3)..].IndexOfAny('/', '?');
            target = slash < 0 ? default : target[(authority + 3 + slash)..];
        }
        var query = target.IndexOf('?');
        return query < 0 ? target : target[..query];
    }
}
