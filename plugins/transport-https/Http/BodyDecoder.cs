using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.TransportHttps.Http;

/// <summary>Unwraps request bodies: base64 however it is wrapped, PEM, or DER as it is. In place, one pass, one allocation for the result.</summary>
internal static class BodyDecoder
{
    private static readonly SearchValues<byte> Whitespace = SearchValues.Create(" \t\r\n"u8);
    private static readonly SearchValues<byte> Base64Text =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n"u8);

    private static ReadOnlySpan<byte> Dashes => "-----"u8;

    /// <summary>Decodes; destroys the input. <paramref name="wrapped"/>: the client wraps its lines, so its parser wants wrapped lines as well.</summary>
    public static EstBody Decode(Span<byte> body, IReadOnlyList<string> armour, out bool wrapped)
    {
        wrapped = false;
        // DER begins with a SEQUENCE, 0x30, which is also the character 0; the bytes that follow tell them apart.
        if (body.Length > 0 && body[0] == 0x30 && body.ContainsAnyExcept(Base64Text))
        {
            return new EstBody.Der(body.ToArray());
        }
        var text = Trim(body);
        if (text.IsEmpty)
        {
            return new EstBody.Undecodable("the body is empty; send the request in base64");
        }
        if (text.StartsWith(Dashes))
        {
            wrapped = true;
            if (!TryOpenArmour(ref text, armour))
            {
                return new EstBody.Undecodable($"the PEM armour is not that of one {armour[0]}");
            }
        }
        else
        {
            wrapped = text.ContainsAny((byte)'\r', (byte)'\n');
        }
        return FromBase64(text);
    }

    private static EstBody FromBase64(Span<byte> text)
    {
        var bad = text.IndexOfAnyExcept(Base64Text);
        if (bad >= 0)
        {
            return new EstBody.Undecodable($"the body is neither base64 nor DER: it holds the byte 0x{text[bad]:X2}");
        }
        var compact = RemoveWhitespace(text);
        return compact.Length > 0 && Base64.DecodeFromUtf8InPlace(compact, out var length) == OperationStatus.Done
            ? new EstBody.Der(compact[..length].ToArray())
            : new EstBody.Undecodable("the body's base64 is incomplete or has padding in the wrong place");
    }

    /// <summary>Leaves what stands between the armour's lines.</summary>
    private static bool TryOpenArmour(ref Span<byte> text, IReadOnlyList<string> armour)
    {
        foreach (var label in armour)
        {
            var (begin, end) = (Encoding.ASCII.GetBytes($"-----BEGIN {label}-----"), Encoding.ASCII.GetBytes($"-----END {label}-----"));
            if (text.Length >= begin.Length + end.Length && text.StartsWith(begin) && text.EndsWith(end))
            {
                text = text[begin.Length..^end.Length];
                return true;
            }
        }
        return false;
    }

    private static Span<byte> Trim(Span<byte> body)
    {
        var start = body.IndexOfAnyExcept(Whitespace);
        return start < 0 ? default : body[start..(body.LastIndexOfAnyExcept(Whitespace) + 1)];
    }

    private static Span<byte> RemoveWhitespace(Span<byte> text)
    {
        var first = text.IndexOfAny(Whitespace);
        if (first < 0)
        {
            return text;
        }
        var (read, written) = (first, first);
        while (read < text.Length)
        {
            var run = text[read..].IndexOfAnyExcept(Whitespace);
            if (run < 0)
            {
                break;
            }
            read += run;
            var length = text[read..].IndexOfAny(Whitespace);
            length = length < 0 ? text.Length - read : length;
            text.Slice(read, length).CopyTo(text[written..]);
            (read, written) = (read + length, written + length);
        }
        return text[..written];
    }
}
