namespace Kipuka.Config.Toml.Reading;

/// <summary>Reads a document, statement by statement: <c>[table]</c>, <c>[[array of tables]]</c> and <c>key = value</c>.</summary>
internal sealed class DocumentReader
{
    private readonly Cursor _cursor;
    private readonly TableTree _tree;
    private readonly ValueReader _values;

    public DocumentReader(Cursor cursor)
    {
        _cursor = cursor;
        _tree = new TableTree(cursor.File);
        _values = new ValueReader(cursor, _tree);
    }

    public TomlTable Read()
    {
        var scope = _tree.Root;
        Trivia.Skip(_cursor);
        while (!_cursor.AtEnd)
        {
            if (_cursor.Current == '[')
            {
                scope = ReadHeader();
                Trivia.EndLine(_cursor, after: "the header");
            }
            else
            {
                _values.ReadPair(scope);
                Trivia.EndLine(_cursor, after: "the value");
            }
            Trivia.Skip(_cursor);
        }
        return _tree.Root.Table;
    }

    private Scope ReadHeader()
    {
        var start = _cursor.Position;
        var isElement = _cursor.TryTake("[[");
        if (!isElement)
        {
            _cursor.Skip(1);
        }
        var key = KeyReader.Read(_cursor);
        var close = isElement ? "]]" : "]";
        if (!_cursor.TryTake(close))
        {
            throw _cursor.Fail($"expected '{close}' after the name of the table {Wording.Name(key)} but found {_cursor.Found}");
        }
        return isElement ? _tree.OpenElement(key, start) : _tree.OpenTable(key, start);
    }
}
