using System.Globalization;

namespace Kipuka.Config.Toml.Reading;

/// <summary>Reads the dates and times of RFC 3339, whole or in part.</summary>
internal static class DateTimeReader
{
    public const string Expected =
        "this is not a valid date or time; write 2026-01-31, 08:30:00 or 2026-01-31T08:30:00Z, from year 1 on and without leap seconds";

    public const int DateLength = 10;

    private const int TimeLength = 8;

    // Generous, so that 2026-1-31 is called a bad date and not a bad number.
    public static bool LooksLikeDate(ReadOnlySpan<char> token) => HasMarkAfterDigits(token, '-', most: token.Length);

    public static bool LooksLikeTime(ReadOnlySpan<char> token) => HasMarkAfterDigits(token, ':', most: 2);

    /// <summary>The date, time or both that the token writes; null when it writes none.</summary>
    public static TomlValue? Read(ReadOnlySpan<char> token, TomlPosition position)
    {
        if (LooksLikeTime(token))
        {
            return TakeTime(ref token) is { } alone && token.IsEmpty ? new TomlLocalTime(alone, position) : null;
        }
        if (TakeDate(ref token) is not { } date)
        {
            return null;
        }
        if (token.IsEmpty)
        {
            return new TomlLocalDate(date, position);
        }
        if (token[0] is not ('T' or 't'))
        {
            return null;
        }
        token = token[1..];
        if (TakeTime(ref token) is not { } time)
        {
            return null;
        }
        var local = date.ToDateTime(time);
        return token.IsEmpty ? new TomlLocalDateTime(local, position)
            : ReadOffset(token) is { } offset ? AtOffset(local, offset, position)
            : null;
    }

    private static bool HasMarkAfterDigits(ReadOnlySpan<char> token, char mark, int most)
    {
        var digits = token.IndexOfAnyExceptInRange('0', '9');
        return digits > 0 && digits <= most && token[digits] == mark;
    }

    private static DateOnly? TakeDate(ref ReadOnlySpan<char> token)
    {
        if (token.Length < DateLength
            || !DateOnly.TryParseExact(token[..DateLength], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return null;
        }
        token = token[DateLength..];
        return date;
    }

    private static TimeOnly? TakeTime(ref ReadOnlySpan<char> token)
    {
        if (token.Length < TimeLength
            || !TimeOnly.TryParseExact(token[..TimeLength], "HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return null;
        }
        token = token[TimeLength..];
        if (token is not ['.', ..])
        {
            return time;
        }
        token = token[1..];
        var digits = token.IndexOfAnyExceptInRange('0', '9');
        var fraction = digits < 0 ? token : token[..digits];
        token = token[fraction.Length..];
        return fraction.IsEmpty ? null : time.Add(TimeSpan.FromTicks(Ticks(fraction)));
    }

    // A tick is 100 ns; what is finer is cut off, as the specification asks, and not rounded.
    private static long Ticks(ReadOnlySpan<char> fraction)
    {
        var ticks = 0L;
        for (var i = 0; i < 7; i++)
        {
            ticks = (ticks * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
        }
        return ticks;
    }

    private static TimeSpan? ReadOffset(ReadOnlySpan<char> token)
    {
        if (token is "Z" or "z")
        {
            return TimeSpan.Zero;
        }
        return token is ['+' or '-', ..]
            && TimeOnly.TryParseExact(token[1..], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var offset)
            ? (token[0] == '-' ? -1 : 1) * offset.ToTimeSpan()
            : null;
    }

    private static TomlOffsetDateTime? AtOffset(DateTime local, TimeSpan offset, TomlPosition position)
    {
        var utc = local.Ticks - offset.Ticks;
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks)
        {
            return null;
        }
        var instant = new DateTimeOffset(utc, TimeSpan.Zero);
        return new TomlOffsetDateTime(offset.Duration() <= TimeSpan.FromHours(14) ? instant.ToOffset(offset) : instant, position);
    }
}
