using System.Text;

namespace Kipuka.Config.Toml.Reading;

/// <summary>Reads what a backslash starts in a basic string.</summary>
internal static class Escapes
{
    public static void Take(Cursor cursor, StringBuilder text)
    {
        var start = cursor.Position;
        cursor.Skip(1);
        var letter = cursor.Current;
        var meaning = letter switch
        {
            'b' => '\b',
            't' => '\t',
            'n' => '\n',
            'f' => '\f',
            'r' => '\r',
            '"' or '\\' => letter,
            _ => '\0',
        };
        if (meaning != '\0')
        {
            cursor.Skip(1);
            text.Append(meaning);
        }
        else if (letter is 'u' or 'U')
        {
            cursor.Skip(1);
            text.Append(TakeCodePoint(cursor, digits: letter == 'u' ? 4 : 8, start));
        }
        else
        {
            throw cursor.Fail(
                $"a backslash followed by {cursor.Found} is no escape; write \\\\ for a backslash or use single quotes",
                start);
        }
    }

    /// <summary>Skips a backslash that ends its line, with all blanks and line ends after it.</summary>
    public static bool TrySkipLineEnd(Cursor cursor)
    {
        if (cursor.Current != '\\' || !EndsLine(cursor))
        {
            return false;
        }
        cursor.Skip(1);
        do
        {
            cursor.SkipBlanks();
        }
        while (!cursor.TakeNewline().IsEmpty);
        return true;
    }

    // The blanks looked over here are passed at once, either skipped or as the error's end, so the look ahead costs nothing twice.
    private static bool EndsLine(Cursor cursor)
    {
        var ahead = 1;
        while (cursor.Ahead(ahead) is ' ' or '\t')
        {
            ahead++;
        }
        return cursor.Ahead(ahead) == '\n' || (cursor.Ahead(ahead) == '\r' && cursor.Ahead(ahead + 1) == '\n');
    }

    private static string TakeCodePoint(Cursor cursor, int digits, TomlPosition start)
    {
        var code = 0u;
        for (var i = 0; i < digits; i++)
        {
            var digit = cursor.Current;
            if (!char.IsAsciiHexDigit(digit))
            {
                throw cursor.Fail($"expected {digits} hexadecimal digits in the escape but found {cursor.Found}");
            }
            cursor.Skip(1);
            code = (code << 4) | (uint)Convert.ToInt32(digit.ToString(), 16);
        }
        return Rune.IsValid(code)
            ? new Rune(code).ToString()
            : throw cursor.Fail($"U+{code:X4} is not a Unicode character", start);
    }
}
