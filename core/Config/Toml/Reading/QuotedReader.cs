using System.Buffers;
using System.Text;

namespace Kipuka.Config.Toml.Reading;

/// <summary>Reads the four forms of string: basic and literal, on one line and on many.</summary>
internal static class QuotedReader
{
    public static string Read(Cursor cursor)
    {
        var quote = cursor.Current;
        return cursor.Ahead(1) == quote && cursor.Ahead(2) == quote ? ReadMultiLine(cursor) : ReadSingleLine(cursor);
    }

    public static string ReadSingleLine(Cursor cursor)
    {
        var start = cursor.Position;
        var quote = cursor.Current;
        cursor.Skip(1);
        var run = cursor.TakeUntil(EndsRun(quote));
        if (cursor.TryTake(quote))
        {
            return run.ToString();
        }
        var text = new StringBuilder().Append(run);
        while (!cursor.TryTake(quote))
        {
            if (cursor.AtEnd || cursor.AtNewline)
            {
                throw cursor.Fail("the string is not closed on its line", start);
            }
            TakeSpecial(cursor, text);
            text.Append(cursor.TakeUntil(EndsRun(quote)));
        }
        return text.ToString();
    }

    private static string ReadMultiLine(Cursor cursor)
    {
        var start = cursor.Position;
        var quote = cursor.Current;
        var delimiter = new string(quote, 3);
        cursor.Skip(delimiter.Length);
        cursor.TakeNewline();
        var text = new StringBuilder();
        while (true)
        {
            text.Append(cursor.TakeUntil(EndsRun(quote)));
            if (cursor.AtEnd)
            {
                throw cursor.Fail($"the multi-line string is not closed by {delimiter}", start);
            }
            if (cursor.TryTake(delimiter))
            {
                // Up to two more quotes belong to the text: the delimiter is the last three of the run.
                for (var extra = 0; extra < 2 && cursor.TryTake(quote); extra++)
                {
                    text.Append(quote);
                }
                return text.ToString();
            }
            if (cursor.TryTake(quote))
            {
                text.Append(quote);
            }
            else if (cursor.AtNewline)
            {
                text.Append(cursor.TakeNewline());
            }
            else if (quote != '"' || !Escapes.TrySkipLineEnd(cursor))
            {
                TakeSpecial(cursor, text);
            }
        }
    }

    // What ends a run and is neither a quote nor a line's end: the backslash of an escape, or a control character.
    private static void TakeSpecial(Cursor cursor, StringBuilder text)
    {
        if (cursor.Current != '\\')
        {
            throw cursor.Fail($"a string cannot hold {cursor.Found} as it is");
        }
        Escapes.Take(cursor, text);
    }

    private static SearchValues<char> EndsRun(char quote) => quote == '"' ? Characters.EndsBasicRun : Characters.EndsLiteralRun;
}
