using System.Text.RegularExpressions;

namespace Kipuka.Config;

/// <summary>The regular expressions that subjects are judged by (ruling 56).</summary>
internal static class SubjectPattern
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>Makes the expression. Time is linear in the subject's length whatever the pattern, so no client can make it slow.</summary>
    /// <exception cref="RegexParseException">It is no regular expression.</exception>
    /// <exception cref="NotSupportedException">It needs backtracking, or it is too large.</exception>
    public static Regex Compile(string pattern) => new(EndsInDollar(pattern) ? $"{pattern[..^1]}\\z" : pattern, Options);

    /// <returns>What is wrong with it; null when it is fine.</returns>
    public static string? WhyNot(string pattern)
    {
        try
        {
            Compile(pattern);
            return null;
        }
        catch (RegexParseException e)
        {
            return $"is not a regular expression: {e.Error} at character {e.Offset}";
        }
        catch (NotSupportedException)
        {
            return "uses what takes unlimited time (lookaround, back references, atomic groups) or is too large; write it without";
        }
    }

    // The platform's $ also matches before a last line feed; here it means the very end.
    private static bool EndsInDollar(string pattern)
    {
        if (!pattern.EndsWith('$')) return false;
        var backslashes = pattern[..^1].Length - pattern[..^1].TrimEnd('\\').Length;
        return backslashes % 2 == 0;
    }
}
