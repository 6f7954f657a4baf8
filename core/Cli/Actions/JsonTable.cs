using System.Text.Json;

namespace Kipuka.Cli.Actions;

/// <summary>Members of JSON objects as the columns of a table.</summary>
internal sealed class JsonTable(params (string Title, string Member)[] columns)
{
    /// <summary>The journal's, wherever records are shown.</summary>
    public static JsonTable OfRecords { get; } = new(
        ("TIME", "timestamp"), ("EVENT", "event_type"), ("OUTCOME", "outcome"), ("ACTOR", "actor"), ("SOURCE", "source_ip"), ("LABEL", "label"), ("CA", "ca_id"),
        ("SERIAL", "serial"), ("SUBJECT", "subject"), ("REASON", "reason"));

    public void Write(TextWriter output, IReadOnlyList<JsonElement> items) => TextTable.Write(
        output,
        [.. columns.Select(column => column.Title)],
        [.. items.Select(item => (IReadOnlyList<string>)[.. columns.Select(column => AnswerText.Cell(item.GetProperty(column.Member)))])]);
}
