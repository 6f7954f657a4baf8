namespace Kipuka.Cli;

/// <summary>Words for a shell.</summary>
internal static class Shell
{
    /// <summary>One word of bash that means exactly this text; quoted only when it has to be.</summary>
    public static string Quote(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or '=' or '@' or ':' or ',')
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
