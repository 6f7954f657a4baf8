using System.Text;

namespace Kipuka.Config.Binding;

/// <summary>
/// <c>${NAME}</c> inside strings (ruling 7). <c>$${</c> is a literal <c>${</c>; any other <c>$</c> is itself, as regular expressions need.
/// </summary>
internal static class Substitution
{
    public enum Result
    {
        Done,
        Unset,
        Malformed,
    }

    /// <param name="name">The unset variable.</param>
    public static Result Expand(string text, Func<string, string?> environment, out string expanded, out string name)
    {
        expanded = text;
        name = "";
        if (!text.Contains("${", StringComparison.Ordinal)) return Result.Done;
        var result = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            var rest = text.AsSpan(i);
            if (rest.StartsWith("$${"))
            {
                result.Append("${");
                i += 3;
            }
            else if (rest.StartsWith("${"))
            {
                var end = rest.IndexOf('}');
                if (end < 0 || !IsName(rest[2..end])) return Result.Malformed;
                name = rest[2..end].ToString();

                // What a variable holds is not looked through again: it is a value, not a text of ours.
                if (environment(name) is not { } value) return Result.Unset;
                result.Append(value);
                i += end + 1;
            }
            else
            {
                result.Append(rest[0]);
                i++;
            }
        }

        expanded = result.ToString();
        return Result.Done;
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || char.IsAsciiDigit(name[0])) return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        }

        return true;
    }
}
