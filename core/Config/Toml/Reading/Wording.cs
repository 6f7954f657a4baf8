using System.Globalization;
using System.Text;

namespace Kipuka.Config.Toml.Reading;

/// <summary>
/// How messages name things. What comes from the document is escaped and cut, so that it cannot disturb a terminal or a log.
/// </summary>
internal static class Wording
{
    private const int LongestName = 80;

    /// <summary>A key, or the path to it, in quotes.</summary>
    public static string Name(IEnumerable<KeyPart> path)
    {
        var name = new StringBuilder("'");
        var separator = "";
        foreach (var part in path)
        {
            name.Append(separator);
            separator = ".";
            foreach (var rune in part.Text.EnumerateRunes())
            {
                if (name.Length > LongestName)
                {
                    return name.Append("...'").ToString();
                }
                name.Append(IsShown(rune) ? rune.ToString() : Code(rune));
            }
        }
        return name.Append('\'').ToString();
    }

    /// <summary>The character that stands where another was expected.</summary>
    public static string Character(Rune rune) => rune.Value switch
    {
        '\'' => "a single quote",
        '"' => "a double quote",
        ' ' => "a space",
        _ when IsShown(rune) => $"'{rune}'",
        _ => $"the character {Code(rune)}",
    };

    /// <summary>A type with its article: "a string", "an array".</summary>
    public static string A(TomlValue value)
        => ("aeiou".Contains(value.TypeName[0], StringComparison.Ordinal) ? "an " : "a ") + value.TypeName;

    private static string Code(Rune rune) => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse) || rune.Value == ' ';
}
