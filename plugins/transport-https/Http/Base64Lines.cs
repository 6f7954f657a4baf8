using System.Buffers.Text;

namespace Kipuka.Plugins.TransportHttps.Http;

/// <summary>Base64 as EST clients accept it: lines that each end in LF (ruling 25; no client wants CR LF).</summary>
internal static class Base64Lines
{
    /// <summary>The length of the text; <paramref name="columns"/> is 0 for one line.</summary>
    public static int Length(int bytes, int columns)
    {
        var characters = checked((bytes + 2) / 3 * 4);
        var lines = columns == 0 ? Math.Min(characters, 1) : (characters + columns - 1) / columns;
        return characters + lines;
    }

    /// <summary>Writes exactly <see cref="Length"/> bytes.</summary>
    public static void Write(ReadOnlySpan<byte> bytes, int columns, Span<byte> text)
    {
        var bytesInLine = columns == 0 ? bytes.Length : columns / 4 * 3;
        while (!bytes.IsEmpty)
        {
            var line = bytes[..Math.Min(bytesInLine, bytes.Length)];
            Base64.EncodeToUtf8(line, text, out _, out var written);
            text[written] = (byte)'\n';
            text = text[(written + 1)..];
            bytes = bytes[line.Length..];
        }
    }
}
