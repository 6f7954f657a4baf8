namespace Kipuka.Config.Toml.Reading;

/// <summary>
/// The tables of a document, and TOML's rule that each is defined once. What can still grow is remembered here and not in the
/// values: a table or array that is not remembered was written inline, so it is complete.
/// </summary>
internal sealed class TableTree
{
    private readonly string _file;
    private readonly Dictionary<TomlTable, Origin> _tables = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<TomlArray, List<TomlValue>> _arrays = new(ReferenceEqualityComparer.Instance);

    public TableTree(string file)
    {
        _file = file;
        Root = new Scope(new TomlTable(new TomlPosition(1, 1)), Depth: 0);
    }

    private enum Origin
    {
        /// <summary>Named on the way to a header's table: its own header may still come.</summary>
        Implied,
        Header,
        Dotted,
    }

    public Scope Root { get; }

    /// <summary>Defines the table of a <c>[header]</c>.</summary>
    public Scope OpenTable(IReadOnlyList<KeyPart> key, TomlPosition header)
    {
        var parent = WalkHeader(key);
        var table = new TomlTable(header);
        if (parent.Table.TryGet(key[^1].Text, out var existing))
        {
            if (existing is not TomlTable implied || !_tables.TryGetValue(implied, out var origin) || origin != Origin.Implied)
            {
                throw Fail(key, key.Count, HeaderConflict(existing));
            }
            // From here on messages should point to its own header.
            table = implied with { Position = header };
            _tables.Remove(implied);
        }
        return Add(parent, key[^1], table, Origin.Header);
    }

    /// <summary>Adds a table to the array of a <c>[[header]]</c>.</summary>
    public Scope OpenElement(IReadOnlyList<KeyPart> key, TomlPosition header)
    {
        var parent = WalkHeader(key);
        var table = new TomlTable(header);
        Limits.CheckDepth(parent.Depth + 2, _file, key[^1].Position);
        if (!parent.Table.TryGet(key[^1].Text, out var existing))
        {
            var items = new List<TomlValue> { table };
            var array = new TomlArray(items, header);
            _arrays.Add(array, items);
            parent.Table.Set(key[^1].Text, key[^1].Position, array);
        }
        else if (existing is TomlArray array && _arrays.TryGetValue(array, out var items))
        {
            items.Add(table);
        }
        else
        {
            throw Fail(key, key.Count, existing is TomlArray
                ? $"is an array that is complete at line {existing.Position.Line}, so a [[header]] cannot add to it"
                : $"is already defined at line {existing.Position.Line} as {Wording.A(existing)}, not as an array of tables");
        }
        _tables.Add(table, Origin.Header);
        return new Scope(table, parent.Depth + 2);
    }

    /// <summary>Finds or makes the table that a dotted key's last part goes into, and ensures that the part is free there.</summary>
    public Scope Claim(Scope scope, IReadOnlyList<KeyPart> key)
    {
        for (var i = 0; i < key.Count - 1; i++)
        {
            if (!scope.Table.TryGet(key[i].Text, out var existing))
            {
                scope = Add(scope, key[i], new TomlTable(key[i].Position), Origin.Dotted);
            }
            else if (existing is TomlTable table && _tables.TryGetValue(table, out var origin) && origin == Origin.Dotted)
            {
                scope = new Scope(table, scope.Depth + 1);
            }
            else
            {
                throw Fail(key, i + 1, existing is TomlTable header && _tables.ContainsKey(header)
                    ? $"has its header at line {existing.Position.Line}, so a dotted key elsewhere cannot add to it"
                    : Complete(existing));
            }
        }
        return scope.Table.TryGet(key[^1].Text, out var taken)
            ? throw Fail(key, key.Count, $"is already defined at line {taken.Position.Line}")
            : scope;
    }

    private Scope WalkHeader(IReadOnlyList<KeyPart> key)
    {
        var scope = Root;
        for (var i = 0; i < key.Count - 1; i++)
        {
            scope = scope.Table.Find(key[i].Text) switch
            {
                null => Add(scope, key[i], new TomlTable(key[i].Position), Origin.Implied),
                TomlTable table when _tables.ContainsKey(table) => new Scope(table, scope.Depth + 1),
                TomlArray array when _arrays.TryGetValue(array, out var items) => new Scope((TomlTable)items[^1], scope.Depth + 2),
                var existing => throw Fail(key, i + 1, Complete(existing)),
            };
        }
        return scope;
    }

    private Scope Add(Scope parent, KeyPart part, TomlTable table, Origin origin)
    {
        Limits.CheckDepth(parent.Depth + 1, _file, part.Position);
        parent.Table.Set(part.Text, part.Position, table);
        _tables.Add(table, origin);
        return new Scope(table, parent.Depth + 1);
    }

    private string HeaderConflict(TomlValue existing) => existing switch
    {
        TomlArray array when _arrays.ContainsKey(array)
            => $"is an array of tables since line {array.Position.Line}, so its header needs double brackets",
        TomlTable table when _tables.TryGetValue(table, out var origin) && origin == Origin.Dotted
            => $"is already defined at line {table.Position.Line} by a dotted key",
        _ => $"is already defined at line {existing.Position.Line}",
    };

    private static string Complete(TomlValue existing) => existing is TomlTable
        ? $"is an inline table that is complete at line {existing.Position.Line}, so nothing can be added to it"
        : $"is already defined at line {existing.Position.Line} as {Wording.A(existing)}, so it cannot hold keys";

    private TomlException Fail(IReadOnlyList<KeyPart> key, int parts, string problem)
        => new(_file, key[parts - 1].Position, $"the key {Wording.Name(key.Take(parts))} {problem}");
}
