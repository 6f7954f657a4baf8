using System.Globalization;

namespace Kipuka.Store;

/// <summary>What narrows a list, as SQL conditions.</summary>
internal class ListQuery
{
    /// <summary>A value of this name is the time of the question; it does not make another list.</summary>
    protected const string Now = "now";

    private readonly List<string> _conditions = [];
    private readonly List<(string Name, object? Value)> _values = [];

    /// <summary>Whether a row that passes may cease to, or the other way round.</summary>
    public bool Moves { get; protected init; }

    /// <summary>The equality that an index finds the rows of, in the order of their keys: the blocks are made of these rows alone. Null: of all.</summary>
    public (string Condition, string Name, object Value)? Within { get; private set; }

    public IReadOnlyList<(string Name, object? Value)> Values => _values;

    /// <summary>The same for two queries of one list.</summary>
    public string Identity => string.Concat(
        [.. _conditions, Within is null ? "" : ";within", .. _values.Where(static value => value.Name != Now).Select(static value => Text(value.Name, value.Value))]);

    /// <summary>The conditions, and these.</summary>
    public string Where(params IEnumerable<string> further)
    {
        string[] all = [.. _conditions, .. further];
        return all.Length == 0 ? "" : "WHERE " + string.Join(" AND ", all);
    }

    protected void Add(string condition) => _conditions.Add(condition);

    protected void Add(string condition, string name, object? value)
    {
        if (value is not null)
        {
            _conditions.Add(condition);
            Bind(name, value);
        }
    }

    protected void Keep(string condition, string name, object value)
    {
        Add(condition, name, value);
        Within = (condition, name, value);
    }

    protected void Bind(string name, object value) => _values.Add((name, value));

#pragma warning disable CA1308 // Lower case on both sides of a comparison.
    protected static string? Part(string? part) => part is null ? null : $"%{Escaped(part.ToLowerInvariant())}%";
#pragma warning restore CA1308

    protected static string Escaped(string text) => text.Replace("!", "!!").Replace("%", "!%").Replace("_", "!_");

    // With its length, so that no text can look like two.
    private static string Text(string name, object? value)
    {
        string text = value is DateTimeOffset time
            ? time.UtcTicks.ToString(CultureInfo.InvariantCulture)
            : Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return string.Create(CultureInfo.InvariantCulture, $";{name}={text.Length}:{text}");
    }
}
