namespace Kipuka.Config.Toml.Reading;

/// <summary>Reads the values that stand without quotes or brackets, by what they look like.</summary>
internal static class BareValueReader
{
    public static TomlValue Read(Cursor cursor)
    {
        var start = cursor.Position;
        var found = cursor.Found;
        var token = cursor.TakeWhile(Characters.BareValue);
        if (token is "true" or "false")
        {
            return new TomlBoolean(token is "true", start);
        }
        if (token.Length == DateTimeReader.DateLength && DateTimeReader.LooksLikeDate(token)
            && cursor.Current == ' ' && char.IsAsciiDigit(cursor.Ahead(1)))
        {
            return ReadSpacedDateTime(cursor, token, start);
        }
        if (DateTimeReader.LooksLikeDate(token) || DateTimeReader.LooksLikeTime(token))
        {
            return DateTimeReader.Read(token, start) ?? throw cursor.Fail(DateTimeReader.Expected, start);
        }
        if (NumberReader.LooksLikeNumber(token))
        {
            return NumberReader.Read(token, start, out var mistake) ?? throw cursor.Fail(mistake, start);
        }
        throw cursor.Fail(Missing(token, found), start);
    }

    // RFC 3339 section 5.6 lets a space stand for the T.
    private static TomlValue ReadSpacedDateTime(Cursor cursor, ReadOnlySpan<char> date, TomlPosition start)
    {
        cursor.Skip(1);
        return DateTimeReader.Read($"{date}T{cursor.TakeWhile(Characters.BareValue)}", start)
            ?? throw cursor.Fail(DateTimeReader.Expected, start);
    }

    private static string Missing(ReadOnlySpan<char> token, string found)
        => token.Equals("true", StringComparison.OrdinalIgnoreCase) || token.Equals("false", StringComparison.OrdinalIgnoreCase)
            ? "true and false are written in lower case"
            : $"expected a value but found {found}" + (token.IsEmpty ? "" : "; a string must be in quotes");
}
