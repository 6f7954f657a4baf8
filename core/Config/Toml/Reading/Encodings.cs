using System.Buffers;
using System.Text;

namespace Kipuka.Config.Toml.Reading;

/// <summary>Finds where a document stops being Unicode text.</summary>
internal static class Encodings
{
    public static TomlException InvalidUtf8(ReadOnlySpan<byte> utf8, string file)
    {
        if (utf8 is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return new TomlException(file, new TomlPosition(1, 1), "the file is written in UTF-16, but TOML is always UTF-8");
        }
        var rest = utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;
        var (line, column) = (1, 1);
        while (Rune.DecodeFromUtf8(rest, out var rune, out var length) == OperationStatus.Done)
        {
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + 1);
            rest = rest[length..];
        }
        return new TomlException(file, new TomlPosition(line, column), $"the byte 0x{rest[0]:X2} is not valid UTF-8 here");
    }

    /// <summary>A string, unlike UTF-8, can hold half a surrogate pair, which is no character.</summary>
    public static void CheckSurrogates(ReadOnlySpan<char> text, string file)
    {
        var (line, column) = (1, text.StartsWith("\uFEFF") ? 0 : 1);
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != OperationStatus.Done)
            {
                var found = $"U+{(int)text[0]:X4} is half a surrogate pair, not a character";
                throw new TomlException(file, new TomlPosition(line, column), found);
            }
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + 1);
            text = text[length..];
        }
    }
}
