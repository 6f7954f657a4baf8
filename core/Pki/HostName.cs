namespace Kipuka.Pki;

/// <summary>The "preferred name syntax" of RFC 1034 3.5 as RFC 1123 2.1 and RFC 5280 4.2.1.6 have it.</summary>
internal static class HostName
{
    /// <summary>What is wrong with a host name, or null. International names must be A-labels (RFC 5280 7.2).</summary>
    public static string? Problem(string name)
    {
        if (name.Length is 0 or > 253) return "is empty or longer than 253 characters";
        foreach (var label in name.Split('.'))
        {
            if (label.Length == 0) return "has an empty label";
            if (label.Length > 63) return "has a label longer than 63 characters";
            if (!label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
                return "has a character other than letters, digits, hyphens and dots";
            if (label[0] == '-' || label[^1] == '-') return "has a label that begins or ends with a hyphen";
        }
        return IsIpv4(name) ? "is an IP address" : null;
    }

    /// <summary>Whether a text has the form of an IPv4 address, whatever its numbers: no DNS name has it.</summary>
    public static bool IsIpv4(string name) =>
        name.Split('.') is { Length: 4 } parts && parts.All(p => p.Length is > 0 and <= 3 && p.All(char.IsAsciiDigit));
}
