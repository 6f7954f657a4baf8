using System.Text;

namespace Kipuka.Cli;

/// <summary>What a server said, made fit for a terminal.</summary>
internal static class SafeText
{
    private const int LongestQuote = 500;

    /// <summary>One line without control characters, cut when it is long.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder();
        foreach (var character in text.Trim())
        {
            if (line.Length == LongestQuote)
            {
                return line.Append('…').ToString();
            }
            line.Append(char.IsControl(character) ? ' ' : character);
        }
        return line.ToString();
    }

    /// <summary>As <see cref="OneLine"/>, but whole: for a cell of a table.</summary>
    public static string Cell(string text) => string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
}
