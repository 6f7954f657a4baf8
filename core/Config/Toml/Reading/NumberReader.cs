using System.Globalization;

namespace Kipuka.Config.Toml.Reading;

/// <summary>Reads integers and floats. Nothing is rounded to fit: a number that is too large is an error.</summary>
internal static class NumberReader
{
    private const string Malformed = "this is not a number; a string must be in quotes";
    private const string TooLarge = "the number does not fit in 64 bits";

    public static bool LooksLikeNumber(ReadOnlySpan<char> token)
        => token is "inf" or "nan" || (!token.IsEmpty && (char.IsAsciiDigit(token[0]) || token[0] is '+' or '-' or '.'));

    /// <summary>The number, or null and what is wrong with it.</summary>
    public static TomlValue? Read(ReadOnlySpan<char> token, TomlPosition position, out string mistake)
    {
        mistake = Malformed;
        var radix = token is ['0', var prefix, ..] ? Radix(prefix) : 10;
        if (radix != 10)
        {
            return ReadInteger(token[2..], radix, negative: false, position, ref mistake);
        }
        var negative = token[0] == '-';
        var number = token[0] is '+' or '-' ? token[1..] : token;
        if (number is "inf" or "nan")
        {
            return new TomlFloat(number is "nan" ? double.NaN : negative ? double.NegativeInfinity : double.PositiveInfinity, position);
        }
        if (number is ['0', >= '0' and <= '9' or '_', ..])
        {
            mistake = "a number cannot start with a zero that other digits follow";
            return null;
        }
        return number.ContainsAny('.', 'e', 'E')
            ? ReadFloat(number, negative, position, ref mistake)
            : ReadInteger(number, radix, negative, position, ref mistake);
    }

    private static int Radix(char prefix) => prefix switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 10 };

    private static TomlInteger? ReadInteger(ReadOnlySpan<char> digits, int radix, bool negative, TomlPosition position, ref string mistake)
    {
        if (!AreDigits(digits, radix, ref mistake))
        {
            return null;
        }
        // Gathered without a sign, since the lowest integer has no positive twin.
        var limit = negative ? 1UL << 63 : long.MaxValue;
        var value = 0UL;
        foreach (var c in digits)
        {
            if (c == '_')
            {
                continue;
            }
            var digit = (ulong)Digit(c);
            if (value > (limit - digit) / (ulong)radix)
            {
                mistake = TooLarge;
                return null;
            }
            value = (value * (ulong)radix) + digit;
        }
        return new TomlInteger(unchecked(negative ? -(long)value : (long)value), position);
    }

    private static TomlFloat? ReadFloat(ReadOnlySpan<char> number, bool negative, TomlPosition position, ref string mistake)
    {
        var e = number.IndexOfAny('e', 'E');
        var mantissa = e < 0 ? number : number[..e];
        var dot = mantissa.IndexOf('.');
        var exponent = number[(e + 1)..];
        if (dot == 0 || dot == mantissa.Length - 1)
        {
            mistake = "a decimal point must stand between two digits";
            return null;
        }
        if (!AreDigits(dot < 0 ? mantissa : mantissa[..dot], 10, ref mistake)
            || (dot >= 0 && !AreDigits(mantissa[(dot + 1)..], 10, ref mistake))
            || (e >= 0 && !AreDigits(exponent is ['+' or '-', ..] ? exponent[1..] : exponent, 10, ref mistake)))
        {
            return null;
        }
        var plain = number.ToString().Replace("_", "", StringComparison.Ordinal);
        var value = double.Parse(plain, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (double.IsInfinity(value))
        {
            mistake = TooLarge;
            return null;
        }
        return new TomlFloat(negative ? -value : value, position);
    }

    // At least one digit, and underscores only between two of them.
    private static bool AreDigits(ReadOnlySpan<char> text, int radix, ref string mistake)
    {
        if (text is [] or ['_', ..] or [.., '_'] || text.Contains("__", StringComparison.Ordinal))
        {
            mistake = text.IsEmpty ? Malformed : "an underscore in a number must stand between two digits";
            return false;
        }
        foreach (var c in text)
        {
            if (c != '_' && !(char.IsAsciiHexDigit(c) && Digit(c) < radix))
            {
                mistake = Malformed;
                return false;
            }
        }
        return true;
    }

    private static int Digit(char c) => char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
}
