namespace Kipuka.Config.Toml.Reading;

/// <summary>Reads keys: bare, quoted, and dotted ones of both.</summary>
internal static class KeyReader
{
    public static IReadOnlyList<KeyPart> Read(Cursor cursor)
    {
        var parts = new List<KeyPart>(1);
        do
        {
            cursor.SkipBlanks();
            // Checked here and not only where the tables are made: else a key of a million dots would first be gathered.
            Limits.CheckDepth(parts.Count, cursor.File, cursor.Position);
            parts.Add(ReadPart(cursor, afterDot: parts.Count > 0));
            cursor.SkipBlanks();
        }
        while (cursor.TryTake('.'));
        return parts;
    }

    private static KeyPart ReadPart(Cursor cursor, bool afterDot)
    {
        var position = cursor.Position;
        if (cursor.Current is '"' or '\'')
        {
            var quote = cursor.Current;
            return cursor.Ahead(1) == quote && cursor.Ahead(2) == quote
                ? throw cursor.Fail("a key cannot be a multi-line string")
                : new KeyPart(QuotedReader.ReadSingleLine(cursor), position);
        }
        var text = cursor.TakeWhile(Characters.BareKey).ToString();
        return text.Length > 0 ? new KeyPart(text, position) : throw cursor.Fail(Missing(cursor, afterDot));
    }

    private static string Missing(Cursor cursor, bool afterDot)
    {
        var place = afterDot ? "after the dot " : "";
        var hint = cursor.Current > '\x7F' ? "; a key with other characters than A-Z a-z 0-9 _ - needs quotes" : "";
        return $"expected a key {place}but found {cursor.Found}{hint}";
    }
}
