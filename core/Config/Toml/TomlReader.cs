using System.Text;
using System.Text.Unicode;
using Kipuka.Config.Toml.Reading;

namespace Kipuka.Config.Toml;

/// <summary>
/// Reads a TOML 1.0 document into values that know where they stand. Pure: the file's name only serves the error's text.
/// The first mistake ends the reading, since whatever follows it would be a guess.
/// </summary>
internal static class TomlReader
{
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>Reads UTF-8, with or without a byte order mark.</summary>
    /// <exception cref="TomlException">The bytes are not UTF-8, or the text is not TOML 1.0, or it exceeds a limit.</exception>
    public static TomlTable Read(ReadOnlySpan<byte> utf8, string file)
    {
        Limits.CheckSize(utf8.Length, file);
        return Utf8.IsValid(utf8) ? ReadChecked(Encoding.UTF8.GetString(utf8), file) : throw Encodings.InvalidUtf8(utf8, file);
    }

    /// <summary>Reads text that is decoded already.</summary>
    /// <exception cref="TomlException">The text is not TOML 1.0, or it exceeds a limit.</exception>
    public static TomlTable Read(string text, string file)
    {
        Limits.CheckSize(Encoding.UTF8.GetByteCount(text), file);
        Encodings.CheckSurrogates(text, file);
        return ReadChecked(text, file);
    }

    private static TomlTable ReadChecked(string text, string file)
        => new DocumentReader(new Cursor(text, start: text.StartsWith(ByteOrderMark) ? 1 : 0, file)).Read();
}
