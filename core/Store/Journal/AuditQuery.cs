namespace Kipuka.Store;

/// <summary>A filter of the journal as SQL conditions.</summary>
internal sealed class AuditQuery
{
    private readonly List<string> _conditions = [];
    private readonly List<(string Name, object? Value)> _values = [];

    public AuditQuery(AuditFilter filter)
    {
        AddWords(filter);
        Add("details LIKE @operation ESCAPE '!'", "operation", filter.Operation is { } name ? $"%\"operation\":\"{Escaped(name)}\"%" : null);
        Add("LOWER(subject) LIKE @subject ESCAPE '!'", "subject", Part(filter.Subject));
        Add("LOWER(actor) LIKE @actor ESCAPE '!'", "actor", Part(filter.Actor));
        Add("ca = @ca", "ca", filter.Authority);
        Add("label = @label", "label", filter.Label);
        Add("serial = @serial", "serial", filter.Serial);
        Add("source_ip = @source", "source", filter.Source?.ToString());
        Add("node = @node", "node", filter.Node);
        Add("success = @success", "success", filter.Success);
        Add("time >= @start", "start", filter.Start);
        Add("time < @end", "end", filter.End);
    }

    public IEnumerable<(string Name, object? Value)> Values => _values;

    /// <summary>The conditions of the filter, and these.</summary>
    public string Where(params IEnumerable<string> further)
    {
        string[] all = [.. _conditions, .. further];
        return all.Length == 0 ? "" : "WHERE " + string.Join(" AND ", all);
    }

    // Statements are kept prepared by their text: a list is filled up to one of few lengths, so that there are few texts.
    private void AddWords(AuditFilter filter)
    {
        List<string> any = [];
        Any("event_type", "e", filter.Events);
        Any("niap", "n", filter.Niap);
        if (any.Count > 0)
        {
            _conditions.Add($"({string.Join(" OR ", any)})");
        }

        void Any(string column, string prefix, IReadOnlyList<string> words)
        {
            int slots = words.Count switch { 0 => 0, 1 => 1, <= 8 => 8, _ => AuditFilter.MostWords };
            ArgumentOutOfRangeException.ThrowIfGreaterThan(words.Count, AuditFilter.MostWords);
            for (int i = 0; i < slots; i++)
            {
                any.Add($"{column} LIKE @{prefix}{i} ESCAPE '!'");
                _values.Add(($"{prefix}{i}", Escaped(words[Math.Min(i, words.Count - 1)]).Replace('*', '%')));
            }
        }
    }

    private void Add(string condition, string name, object? value)
    {
        if (value is not null)
        {
            _conditions.Add(condition);
            _values.Add((name, value));
        }
    }

#pragma warning disable CA1308 // Lower case on both sides of a comparison.
    private static string? Part(string? part) => part is null ? null : $"%{Escaped(part.ToLowerInvariant())}%";
#pragma warning restore CA1308

    private static string Escaped(string text) => text.Replace("!", "!!").Replace("%", "!%").Replace("_", "!_");
}
