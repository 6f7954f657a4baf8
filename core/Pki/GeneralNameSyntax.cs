using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Kipuka.Pki;

/// <summary>What the standards say of the text inside a general name: its validity, and which differences do not count.</summary>
internal static class GeneralNameSyntax
{
    /// <summary>
    /// RFC 5280 7.2-7.5: DNS names, the host of an e-mail address, a URI's scheme and host compare without case; the rest, with it.
    /// </summary>
    public static string Fold(GeneralNameKind kind, string text)
    {
        switch (kind)
        {
            case GeneralNameKind.Dns:
                return text.ToLowerInvariant();
            case GeneralNameKind.Email:
                var at = text.LastIndexOf('@') + 1;
                return text[..at] + text[at..].ToLowerInvariant();
            default:
                var colon = text.IndexOf(':') + 1;
                var (start, end) = Authority(text, colon);
                start += text.AsSpan(start, end - start).LastIndexOf('@') + 1; // what stands before the host is a user's name
                return text[..colon].ToLowerInvariant() + text[colon..start] + text[start..end].ToLowerInvariant() + text[end..];
        }
    }

    /// <summary>What is wrong with a name, or null. A wildcard's syntax is checked here, its use is not.</summary>
    public static string? Problem(GeneralName name) => name.Kind switch
    {
        GeneralNameKind.DirectoryName when name.Directory!.HasControlCharacters => "has a control character",
        GeneralNameKind.DirectoryName => name.Directory!.IsEmpty ? "is empty" : null,
        _ when name.Value.Any(char.IsControl) => "has a control character",
        GeneralNameKind.Dns => HostName.Problem(name.IsWildcard ? name.Value[2..] : name.Value),
        GeneralNameKind.Email => EmailProblem(name.Value),
        GeneralNameKind.Uri => UriProblem(name.Value),
        GeneralNameKind.Ip => name.Address is not null ? null : "is not 4 or 16 bytes long",
        _ => null,
    };

    private static string? EmailProblem(string text)
    {
        var at = text.IndexOf('@');
        if (at <= 0 || at != text.LastIndexOf('@')) return "is not of the form local@host";
        if (at > 64 || !text.AsSpan(0, at).ContainsOnly(AtomCharacters) || text[0] == '.' || text[at - 1] == '.')
            return "has a local part that is not a dot-atom of at most 64 characters";
        return HostName.Problem(text[(at + 1)..]) is { } problem ? "has a host that " + problem : null;
    }

    // RFC 5280 4.2.1.6: absolute, a scheme and something after it; a host, where there is an authority (file:/// has an empty one).
    private static string? UriProblem(string text)
    {
        var colon = text.IndexOf(':');
        if (colon <= 0 || !char.IsAsciiLetter(text[0]) || !text.AsSpan(0, colon).ContainsOnly(SchemeCharacters))
            return "is not absolute: it has no scheme";
        if (colon + 1 == text.Length) return "has nothing after its scheme";
        if (!text.AsSpan().ContainsOnly(UriCharacters)) return "has a character that no URI may have";
        if (!text.AsSpan(colon + 1).StartsWith("//")) return null;
        var (host, port) = HostAndPort(text, colon + 1);
        if (port.Any(c => !char.IsAsciiDigit(c))) return "has a port that is not a number";
        if (host.StartsWith('[')) return IsIpv6(host) ? null : "has a host that is not an IPv6 address";
        if (host.Length == 0) return text.StartsWith("file:", StringComparison.OrdinalIgnoreCase) ? null : "has no host";
        if (HostName.IsIpv4(host)) return null;
        // Underscores occur in hosts that are no DNS names, such as SPIFFE trust domains.
        return HostName.Problem(host.Replace('_', 'x')) is { } problem ? "has a host that " + problem : null;
    }

    /// <summary>The host of a URI; null where it has no authority.</summary>
    public static string? HostOf(string uri)
    {
        var colon = uri.IndexOf(':');
        return colon > 0 && uri.AsSpan(colon + 1).StartsWith("//") ? HostAndPort(uri, colon + 1).Host : null;
    }

    private static (string Host, string Port) HostAndPort(string uri, int afterScheme)
    {
        var (start, end) = Authority(uri, afterScheme);
        var host = uri[start..end];
        host = host[(host.LastIndexOf('@') + 1)..];
        var port = host.LastIndexOf(':');
        return port > host.LastIndexOf(']') ? (host[..port], host[(port + 1)..]) : (host, "");
    }

    private static bool IsIpv6(string host) => host.EndsWith(']') && !host.Contains('%', StringComparison.Ordinal)
        && IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    private static (int Start, int End) Authority(string text, int afterScheme)
    {
        if (!text.AsSpan(afterScheme).StartsWith("//")) return (afterScheme, afterScheme);
        var start = afterScheme + 2;
        var end = text.AsSpan(start).IndexOfAny('/', '?', '#');
        return (start, end < 0 ? text.Length : start + end);
    }

    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static readonly SearchValues<char> SchemeCharacters = SearchValues.Create(Alphanumeric + "+-.");
    private static readonly SearchValues<char> UriCharacters = SearchValues.Create(Alphanumeric + "-._~:/?#[]@!$&'()*+,;=%");
    private static readonly SearchValues<char> AtomCharacters = SearchValues.Create(Alphanumeric + "!#$%&'*+-/=?^_`{|}~.");

    private static bool ContainsOnly(this ReadOnlySpan<char> text, SearchValues<char> characters) => !text.ContainsAnyExcept(characters);
}
