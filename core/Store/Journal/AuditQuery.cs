namespace Kipuka.Store;

/// <summary>A filter of the journal as SQL conditions.</summary>
/// <remarks>COALESCE keeps the engines from walking the index of one column where a part of the journal is to be walked.</remarks>
internal sealed class AuditQuery : ListQuery
{
    public AuditQuery(AuditFilter filter)
    {
        if (filter.Serial is { } serial)
        {
            Keep("serial = @serial", "serial", serial);
        }

        AddWords(filter);
        Add("details LIKE @operation ESCAPE '!'", "operation", filter.Operation is { } name ? $"%\"operation\":\"{Escaped(name)}\"%" : null);
        Add("LOWER(subject) LIKE @subject ESCAPE '!'", "subject", Part(filter.Subject));
        Add("LOWER(actor) LIKE @actor ESCAPE '!'", "actor", Part(filter.Actor));
        Add("ca = @ca", "ca", filter.Authority);
        Add("label = @label", "label", filter.Label);
        Add("source_ip = @source", "source", filter.Source?.ToString());
        Add("COALESCE(node, '') = @node", "node", filter.Node);
        Add("success = @success", "success", filter.Success);
        Add("time >= @start", "start", filter.Start);
        Add("time < @end", "end", filter.End);
    }

    // Statements are kept prepared by their text: a list is filled up to one of few lengths, so that there are few texts.
    private void AddWords(AuditFilter filter)
    {
        List<string> any = [];
        Any("event_type", "e", filter.Events);
        Any("niap", "n", filter.Niap);
        if (any.Count > 0)
        {
            Add($"({string.Join(" OR ", any)})");
        }

        void Any(string column, string prefix, IReadOnlyList<string> words)
        {
            int slots = words.Count switch { 0 => 0, 1 => 1, <= 8 => 8, _ => AuditFilter.MostWords };
            ArgumentOutOfRangeException.ThrowIfGreaterThan(words.Count, AuditFilter.MostWords);
            for (int i = 0; i < slots; i++)
            {
                any.Add($"{column} LIKE @{prefix}{i} ESCAPE '!'");
                Bind($"{prefix}{i}", Escaped(words[Math.Min(i, words.Count - 1)]).Replace('*', '%'));
            }
        }
    }
}
