using System.Globalization;

namespace Kipuka.Config.Binding;

/// <summary>
/// Durations (ruling 5): <c>30s</c>, <c>15m</c>, <c>24h</c>, <c>7d</c>, <c>1h30m</c>: days, hours, minutes, seconds, each at most once, in
/// this order.
/// </summary>
internal static class Durations
{
    private const string Units = "dhms";

    private static readonly long[] Seconds = [86400, 3600, 60, 1];

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        Int128 total = 0;
        var next = 0;
        if (text.IsEmpty) return false;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
            var unit = Units.IndexOf(text[digits]);
            if (unit < next) return false;
            total += (Int128)count * Seconds[unit];
            next = unit + 1;
            text = text[(digits + 1)..];
        }

        return total <= long.MaxValue && TryFromSeconds((long)total, out duration);
    }

    public static bool TryFromSeconds(long seconds, out TimeSpan duration)
    {
        var fits = seconds is >= 0 and <= (long.MaxValue / TimeSpan.TicksPerSecond);
        duration = fits ? TimeSpan.FromSeconds(seconds) : default;
        return fits;
    }

    /// <summary>The shortest text that reads as the same whole seconds: <c>1h30m</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        var rest = duration.Ticks / TimeSpan.TicksPerSecond;
        var text = "";
        for (var i = 0; i < Seconds.Length; i++)
        {
            if (rest / Seconds[i] is > 0 and var count) text += $"{count}{Units[i]}";
            rest %= Seconds[i];
        }

        return text.Length == 0 ? "0s" : text;
    }
}
