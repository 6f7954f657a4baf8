namespace Kipuka.Config.Toml.Reading;

/// <summary>What stands between statements and between the items of an array, and means nothing.</summary>
internal static class Trivia
{
    /// <summary>Skips blanks, comments and line ends.</summary>
    public static void Skip(Cursor cursor)
    {
        do
        {
            cursor.SkipBlanks();
            SkipComment(cursor);
        }
        while (!cursor.TakeNewline().IsEmpty);
    }

    /// <summary>Requires that nothing but a comment follows on the line.</summary>
    public static void EndLine(Cursor cursor, string after)
    {
        cursor.SkipBlanks();
        SkipComment(cursor);
        if (!cursor.AtEnd && cursor.TakeNewline().IsEmpty)
        {
            throw cursor.Fail($"expected the end of the line after {after} but found {cursor.Found}");
        }
    }

    private static void SkipComment(Cursor cursor)
    {
        if (!cursor.TryTake('#'))
        {
            return;
        }
        cursor.TakeUntil(Characters.EndsComment);
        if (!cursor.AtEnd && !cursor.AtNewline)
        {
            throw cursor.Fail($"a comment cannot hold {cursor.Found}");
        }
    }
}
