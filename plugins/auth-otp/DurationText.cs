namespace Kipuka.Plugins.AuthOtp;

/// <summary>Durations as the configuration writes them: <c>30s</c>, <c>1h30m</c>, <c>7d</c>, or a bare number of seconds.</summary>
internal static class DurationText
{
    private const int Longest = 32;

    /// <summary>Reads a duration of 0 to 10 000 000 000 seconds. Each unit stands at most once, the larger ones first.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length is 0 or > Longest)
        {
            return false;
        }
        long total = 0, number = 0;
        var smallest = long.MaxValue;
        var digits = 0;
        foreach (var character in text)
        {
            if (char.IsAsciiDigit(character))
            {
                number = (number * 10) + (character - '0');
                if (++digits > 10)
                {
                    return false;
                }
                continue;
            }
            var unit = character switch { 'd' => 86400L, 'h' => 3600, 'm' => 60, 's' => 1, _ => 0 };
            if (unit == 0 || digits == 0 || unit >= smallest)
            {
                return false;
            }
            total += number * unit;
            (smallest, number, digits) = (unit, 0, 0);
        }
        if (digits > 0 && smallest != long.MaxValue)
        {
            return false;
        }
        total += number;
        duration = total <= 10_000_000_000 ? TimeSpan.FromSeconds(total) : default;
        return total <= 10_000_000_000;
    }
}
