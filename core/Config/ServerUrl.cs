using System.Globalization;
using System.Text.RegularExpressions;

namespace Kipuka.Config;

/// <summary>A database at a server, as a URL names it: <c>scheme://user:password@host:port/database?sslmode=verify-full</c>.</summary>
internal sealed partial record ServerUrl
{
    /// <summary>The words of <c>sslmode</c>, weakest first.</summary>
    public static readonly IReadOnlyList<string> TlsModes = ["disable", "prefer", "require", "verify-ca", "verify-full"];

    /// <summary>The engine behind each scheme.</summary>
    public static readonly IReadOnlyDictionary<string, string> Engines = new Dictionary<string, string>
    {
        ["postgres"] = "postgres",
        ["postgresql"] = "postgres",
        ["mysql"] = "mariadb",
        ["mariadb"] = "mariadb",
    };

    private ServerUrl()
    {
    }

    public required string Scheme { get; init; }

    public required string Engine { get; init; }

    public required string Host { get; init; }

    public required int Port { get; init; }

    public required string Database { get; init; }

    public required string User { get; init; }

    /// <summary>Never printed.</summary>
    public string? Password { get; init; }

    /// <summary>One of <see cref="TlsModes"/>.</summary>
    public string Tls { get; private init; } = "prefer";

    /// <summary>A PEM file of CAs (<c>sslrootcert</c>); null is the system's.</summary>
    public string? RootCertificate { get; private init; }

    public override string ToString() => $"{Scheme}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}/{Database}";

    /// <param name="scheme">The URL's.</param>
    /// <param name="engine">The engine's word.</param>
    /// <param name="rest">What follows <c>://</c>.</param>
    /// <param name="folder">Where relative paths start.</param>
    /// <param name="problem">What to say when it returns null; never a part of the user or the password.</param>
    public static ServerUrl? Parse(string scheme, string engine, string rest, string folder, out string problem)
    {
        // A password may hold any sign, so the user and the password end at the last @.
        var at = rest.LastIndexOf('@');
        var (login, place) = at < 0 ? ("", rest) : (rest[..at], rest[(at + 1)..]);
        var colon = login.IndexOf(':', StringComparison.Ordinal);
        var user = Decoded(colon < 0 ? login : login[..colon]);
        var password = colon < 0 ? null : Decoded(login[(colon + 1)..]);
        if (Place().Match(place) is not { Success: true } match)
        {
            problem = $"is not {scheme}://user:password@host:port/database?sslmode=verify-full";
            return null;
        }

        problem = user switch
        {
            null => "has a % in the user that is not followed by two hex digits; write %25",
            "" => $"names no user; write {scheme}://user:password@{match.Groups["host"].Value}/{match.Groups["database"].Value}",
            _ when colon >= 0 && password is null => "has a % in the password that is not followed by two hex digits; write %25",
            _ => "",
        };
        var port = match.Groups["port"].Success ? int.Parse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture) : engine == "postgres" ? 5432 : 3306;
        if (port is 0 or > 65535) problem = $"has port {port}; ports are 1 to 65535";
        if (problem.Length > 0) return null;
        var url = new ServerUrl
        {
            Scheme = scheme,
            Engine = engine,
            Host = match.Groups["host"].Value.Trim('[', ']'),
            Port = port,
            Database = Uri.UnescapeDataString(match.Groups["database"].Value),
            User = user!,
            Password = password,
        };
        return url.With(match.Groups["query"].Value, folder, out problem);
    }

    private ServerUrl? With(string query, string folder, out string problem)
    {
        var (tls, root) = (Tls, RootCertificate);
        var named = false;
        problem = "";
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 0 ? (part, "") : (part[..equals], Uri.UnescapeDataString(part[(equals + 1)..]));
            switch (key)
            {
                case "sslmode" or "ssl-mode" when Mode(value) is { } mode:
                    (tls, named) = (mode, true);
                    break;
                case "sslmode" or "ssl-mode":
                    problem = $"has an sslmode that is none of {string.Join(", ", TlsModes)}";
                    return null;
                case "sslrootcert" or "ssl-ca" when value.Length > 0:
                    root = Path.GetFullPath(value, folder);
                    break;
                default:
                    problem = "has a parameter other than sslmode and sslrootcert; max_connections and connect_timeout are keys of [db]";
                    return null;
            }
        }

        // Whoever names the CA wants the server judged by it (as libpq does for sslmode=require).
        if (root is not null && (!named || tls == "require")) tls = named ? "verify-ca" : "verify-full";
        return this with { Tls = tls, RootCertificate = root };
    }

    // MariaDB's tools write VERIFY_IDENTITY, REQUIRED, …
    private static string? Mode(string value) => value.ToLowerInvariant().Replace('_', '-') switch
    {
        "disabled" => "disable",
        "preferred" => "prefer",
        "required" => "require",
        "verify-identity" => "verify-full",
        var word => TlsModes.Contains(word) ? word : null,
    };

    private static string? Decoded(string text) => BadPercent().IsMatch(text) ? null : Uri.UnescapeDataString(text);

    [GeneratedRegex(@"^(?<host>\[[0-9A-Fa-f:.]+\]|[^:/?#\[\]@\s]+)(:(?<port>\d{1,5}))?/(?<database>[^/?#\s]+)(\?(?<query>.*))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Place();

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})")]
    private static partial Regex BadPercent();
}
