namespace Kipuka.Cli;

/// <summary>Columns aligned with spaces, two between them.</summary>
internal static class TextTable
{
    public static void Write(TextWriter output, IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = header.Select((title, column) => rows.Select(row => row[column].Length).Append(title.Length).Max()).ToArray();
        foreach (var row in rows.Prepend(header))
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    /// <summary>One thing a line: its name, then its value.</summary>
    public static void WriteFields(TextWriter output, IReadOnlyList<(string Name, string Value)> fields, string indent = "")
    {
        var width = fields.Select(field => field.Name.Length + 1).DefaultIfEmpty().Max();
        foreach (var (name, value) in fields)
        {
            output.WriteLine($"{indent}{(name + ":").PadRight(width)}  {value}".TrimEnd());
        }
    }
}
