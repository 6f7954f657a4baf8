using System.Text;

namespace Kipuka.Store;

/// <summary>Texts as every engine keeps them: PostgreSQL takes no NUL and nothing that is no Unicode, so those become U+FFFD.</summary>
internal static class StoredText
{
    public static string Of(string text)
    {
        int bad = IndexOfBad(text, 0);
        if (bad < 0)
        {
            return text;
        }

        StringBuilder clean = new(text);
        for (; bad >= 0; bad = IndexOfBad(text, bad + 1))
        {
            clean[bad] = '\uFFFD';
        }

        return clean.ToString();
    }

    /// <summary>The same for names and values; of two names that become equal the first stays.</summary>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyDictionary<string, string> fields)
    {
        if (fields.All(field => IndexOfBad(field.Key, 0) < 0 && IndexOfBad(field.Value, 0) < 0))
        {
            return fields;
        }

        Dictionary<string, string> clean = [];
        foreach ((string name, string value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            clean.TryAdd(Of(name), Of(value));
        }

        return clean;
    }

    private static int IndexOfBad(string text, int from)
    {
        for (int i = from; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\0' || (char.IsSurrogate(c) && !IsPaired(text, i)))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsPaired(string text, int i) => char.IsHighSurrogate(text[i])
        ? i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])
        : i > 0 && char.IsHighSurrogate(text[i - 1]);
}
