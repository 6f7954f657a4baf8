namespace Kipuka.Config.Toml.Reading;

/// <summary>Reads whatever may stand after an equals sign or in an array.</summary>
internal sealed class ValueReader(Cursor cursor, TableTree tree)
{
    /// <summary>Reads <c>key = value</c> into the scope's table.</summary>
    public void ReadPair(Scope scope)
    {
        var key = KeyReader.Read(cursor);
        var target = tree.Claim(scope, key);
        if (!cursor.TryTake('='))
        {
            throw cursor.Fail($"expected '=' after the key {Wording.Name(key)} but found {cursor.Found}");
        }
        cursor.SkipBlanks();
        target.Table.Set(key[^1].Text, key[^1].Position, Read(target.Depth + 1));
    }

    private TomlValue Read(int depth)
    {
        var position = cursor.Position;
        return cursor.Current switch
        {
            '"' or '\'' => new TomlString(QuotedReader.Read(cursor), position),
            '[' => ReadArray(depth, position),
            '{' => ReadInlineTable(depth, position),
            _ => BareValueReader.Read(cursor),
        };
    }

    private TomlArray ReadArray(int depth, TomlPosition start)
    {
        Limits.CheckDepth(depth, cursor.File, start);
        cursor.Skip(1);
        var items = new List<TomlValue>();
        Trivia.Skip(cursor);
        while (!cursor.TryTake(']'))
        {
            items.Add(Read(depth + 1));
            Trivia.Skip(cursor);
            if (cursor.TryTake(','))
            {
                Trivia.Skip(cursor);
            }
            else if (cursor.Current != ']')
            {
                throw cursor.Fail($"expected ',' or ']' in the array that starts at line {start.Line} but found {cursor.Found}");
            }
        }
        return new TomlArray(items, start);
    }

    // TOML 1.0 keeps it on one line and allows no comma after the last pair.
    private TomlTable ReadInlineTable(int depth, TomlPosition start)
    {
        Limits.CheckDepth(depth, cursor.File, start);
        cursor.Skip(1);
        var table = new TomlTable(start);
        cursor.SkipBlanks();
        if (cursor.TryTake('}'))
        {
            return table;
        }
        do
        {
            ReadPair(new Scope(table, depth));
            cursor.SkipBlanks();
        }
        while (cursor.TryTake(','));
        return cursor.TryTake('}')
            ? table
            : throw cursor.Fail($"expected ',' or '}}' in the inline table but found {cursor.Found}");
    }
}
