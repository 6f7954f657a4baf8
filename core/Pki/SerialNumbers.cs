namespace Kipuka.Pki;

/// <summary>Serial numbers as text: lower-case hex without separators, whole bytes, no leading zero byte.</summary>
internal static class SerialNumbers
{
    /// <summary>RFC 5280 4.1.2.2: at most 20 octets.</summary>
    private const int MaxBytes = 20;

    /// <summary>The content of the INTEGER, or the number alone; a leading zero byte makes no difference.</summary>
    public static string Format(ReadOnlySpan<byte> serial)
    {
        var number = serial.TrimStart((byte)0);
        return number.IsEmpty ? "00" : Convert.ToHexStringLower(number);
    }

    /// <summary>Reads hex, hex in pairs with colons, or hex after <c>0x</c>, in either case.</summary>
    public static bool TryParse(string? text, out string serial)
    {
        serial = "";
        var digits = (text ?? "").Trim();
        if (digits.Length > 4 * MaxBytes) return false;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) digits = digits[2..];
        else if (digits.Contains(':', StringComparison.Ordinal))
        {
            var pairs = digits.Split(':');
            if (pairs.Any(p => p.Length != 2)) return false;
            digits = string.Concat(pairs);
        }
        if (digits.Length == 0 || !digits.All(char.IsAsciiHexDigit)) return false;
        serial = Format(Convert.FromHexString(digits.Length % 2 == 0 ? digits : "0" + digits));
        return serial.Length <= 2 * MaxBytes;
    }
}
