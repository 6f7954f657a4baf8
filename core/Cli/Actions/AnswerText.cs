using System.Text.Json;

namespace Kipuka.Cli.Actions;

/// <summary>An answer of the admin API, printed: an object as lines, a list of objects as a table.</summary>
internal static class AnswerText
{
    public static void Write(TextWriter output, JsonElement? answer, bool asJson)
    {
        if (answer is not { } value)
        {
            output.WriteLine(asJson ? "{}" : "Done.");
        }
        else if (asJson)
        {
            JsonText.Write(output, value.WriteTo);
        }
        else
        {
            Write(output, value);
        }
    }

    /// <summary>As text.</summary>
    public static void Write(TextWriter output, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                WriteTable(output, [.. value.EnumerateArray()]);
                break;
            case JsonValueKind.Object:
                var members = value.EnumerateObject().ToList();
                var plain = members.Where(member => !IsTable(member.Value) && !IsBlock(member.Value) && Cell(member.Value).Length > 0).ToList();
                // One value under two names, for clients of either name, is one line here.
                TextTable.WriteFields(output, [.. plain.DistinctBy(member => member.Value.ValueKind == JsonValueKind.String && Cell(member.Value).Length > 7
                    ? Cell(member.Value) : member.Name).Select(member => (member.Name, Cell(member.Value)))]);
                foreach (var member in members.Where(member => IsBlock(member.Value)))
                {
                    WriteBlock(output, member);
                }
                foreach (var member in members.Where(member => IsTable(member.Value)))
                {
                    output.WriteLine($"{member.Name}:");
                    WriteTable(output, [.. member.Value.EnumerateArray()]);
                }
                break;
            default:
                output.WriteLine(Cell(value));
                break;
        }
    }

    private static void WriteTable(TextWriter output, IReadOnlyList<JsonElement> items)
    {
        if (items.Count == 0)
        {
            output.WriteLine("None.");
            return;
        }
        if (items.Any(item => item.ValueKind != JsonValueKind.Object))
        {
            foreach (var item in items)
            {
                output.WriteLine(Cell(item));
            }
            return;
        }
        var names = items.SelectMany(item => item.EnumerateObject().Select(member => member.Name)).Distinct();
        var columns = names.Select(name => (Name: name, Cells: items.Select(item => item.TryGetProperty(name, out var cell) ? Cell(cell) : "").ToList()))
            .Where(column => column.Cells.Any(cell => cell.Length > 0))
            .DistinctBy(column => column.Cells.All(cell => cell.Length > 7) ? string.Join('\n', column.Cells) : column.Name)
            .ToList();
        TextTable.Write(output, [.. columns.Select(column => column.Name.ToUpperInvariant())],
            [.. Enumerable.Range(0, items.Count).Select(row => (IReadOnlyList<string>)[.. columns.Select(column => column.Cells[row])])]);
    }

    // An object in an object, and a text of several lines.
    private static bool IsBlock(JsonElement value)
        => value.ValueKind == JsonValueKind.Object || (value.ValueKind == JsonValueKind.String && value.GetString()!.Contains('\n', StringComparison.Ordinal));

    private static void WriteBlock(TextWriter output, JsonProperty member)
    {
        output.WriteLine($"{member.Name}:");
        if (member.Value.ValueKind == JsonValueKind.Object)
        {
            TextTable.WriteFields(
                output, [.. member.Value.EnumerateObject().Where(inner => Cell(inner.Value).Length > 0).Select(inner => (inner.Name, Cell(inner.Value)))], "  ");
            return;
        }
        foreach (var line in member.Value.GetString()!.TrimEnd().Split('\n'))
        {
            output.WriteLine(SafeText.Cell(line));
        }
    }

    private static bool IsTable(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object);

    /// <summary>A value in one line.</summary>
    public static string Cell(JsonElement value) => SafeText.Cell(value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            string.Join(", ", value.EnumerateArray().Select(item => item.GetString())),
        _ => value.GetRawText(),
    });
}
