using System.Buffers;
using System.Text;

namespace Kipuka.Config.Toml.Reading;

/// <summary>
/// The place reached in a document. It only moves forward and keeps its line and column as it goes: counting them anew for
/// each value would make a document of one long line cost the square of its length.
/// </summary>
internal sealed class Cursor(string text, int start, string file)
{
    private int _index = start;
    private int _line = 1;
    private int _column = 1;

    public string File => file;

    public bool AtEnd => _index == text.Length;

    /// <summary>The next character; NUL at the end, which no rule of the grammar accepts.</summary>
    public char Current => Ahead(0);

    public TomlPosition Position => new(_line, _column);

    /// <summary>The next character for a message.</summary>
    public string Found => AtEnd ? "the end of the file"
        : AtNewline ? "the end of the line"
        : Wording.Character(Rune.GetRuneAt(text, _index));

    public bool AtNewline => Current == '\n' || (Current == '\r' && Ahead(1) == '\n');

    public char Ahead(int count) => _index + count < text.Length ? text[_index + count] : '\0';

    public bool TryTake(char expected)
    {
        if (AtEnd || Current != expected)
        {
            return false;
        }
        Skip(1);
        return true;
    }

    public bool TryTake(string expected)
    {
        if (!text.AsSpan(_index).StartsWith(expected, StringComparison.Ordinal))
        {
            return false;
        }
        Skip(expected.Length);
        return true;
    }

    /// <summary>Takes LF or CR LF and returns it as written; empty when neither is next.</summary>
    public ReadOnlySpan<char> TakeNewline()
    {
        if (!AtNewline)
        {
            return [];
        }
        var newline = text.AsSpan(_index, Current == '\n' ? 1 : 2);
        _index += newline.Length;
        _line++;
        _column = 1;
        return newline;
    }

    public ReadOnlySpan<char> TakeWhile(SearchValues<char> allowed) => Take(text.AsSpan(_index).IndexOfAnyExcept(allowed));

    public ReadOnlySpan<char> TakeUntil(SearchValues<char> ends) => Take(text.AsSpan(_index).IndexOfAny(ends));

    public void SkipBlanks() => TakeWhile(Characters.Blank);

    /// <summary>Passes characters of which none ends a line. A surrogate pair is two of them and one column.</summary>
    public void Skip(int length)
    {
        foreach (var c in text.AsSpan(_index, length))
        {
            _column += char.IsLowSurrogate(c) ? 0 : 1;
        }
        _index += length;
    }

    public TomlException Fail(string message) => Fail(message, Position);

    public TomlException Fail(string message, TomlPosition position) => new(file, position, message);

    private ReadOnlySpan<char> Take(int length)
    {
        var from = _index;
        Skip(length < 0 ? text.Length - from : length);
        return text.AsSpan(from, _index - from);
    }
}
