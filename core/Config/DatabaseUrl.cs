namespace Kipuka.Config;

/// <summary>Where the database is (ruling 22).</summary>
/// <remarks>
/// <c>sqlite:///path/kipuka.db</c>, <c>sqlite://kipuka.db</c>, both also with <c>?mode=rwc</c>; <c>sqlite://:memory:</c>;
/// <c>postgres://user:password@host:5432/database?sslmode=verify-full</c>, and the same with <c>mysql://</c>.
/// </remarks>
internal sealed record DatabaseUrl
{
    private DatabaseUrl(string? file, bool mayCreate, ServerUrl? server = null)
    {
        File = file;
        MayCreate = mayCreate;
        Server = server;
    }

    /// <summary>The absolute path; null is a database in memory, or at a server.</summary>
    public string? File { get; }

    /// <summary>Whether a file that is missing is made.</summary>
    public bool MayCreate { get; }

    /// <summary>The database server; null for SQLite.</summary>
    public ServerUrl? Server { get; }

    /// <summary>For messages and logs.</summary>
    public string Redacted => Server?.ToString() ?? (File is null ? "sqlite://:memory:" : $"sqlite://{File}");

    public override string ToString() => Redacted;

    /// <param name="url">The text, which may hold a password: <paramref name="problem"/> does not repeat it.</param>
    /// <param name="folder">Where relative paths start.</param>
    /// <param name="problem">What to say when it returns null.</param>
    public static DatabaseUrl? Parse(string url, string folder, out string problem)
    {
        var colon = url.IndexOf("://", StringComparison.Ordinal);
        var scheme = colon < 0 ? "" : url[..colon].ToLowerInvariant();
        if (scheme == "sqlite") return ParseSqlite(url[(colon + 3)..], folder, out problem);
        if (ServerUrl.Engines.TryGetValue(scheme, out var engine))
        {
            return ServerUrl.Parse(scheme, engine, url[(colon + 3)..], folder, out problem) is { } server ? new DatabaseUrl(null, false, server) : null;
        }

        problem = "must begin with sqlite://, postgres://, postgresql://, mysql:// or mariadb://";
        return null;
    }

    /// <summary>A text of any URL that is safe to show: no user, password or parameters.</summary>
    public static string Redact(string url)
    {
        var colon = url.IndexOf("://", StringComparison.Ordinal);
        if (colon < 0) return "(database)";
        var rest = url[(colon + 3)..];

        // A password may hold any sign, so everything up to the last @ goes, and everything from the first ? after it.
        rest = rest[(rest.LastIndexOf('@') + 1)..].Split('?')[0];
        return $"{url[..colon]}://{rest}";
    }

    private static DatabaseUrl? ParseSqlite(string rest, string folder, out string problem)
    {
        var question = rest.IndexOf('?');
        var (path, query) = question < 0 ? (rest, "") : (rest[..question], rest[(question + 1)..]);
        problem = query switch
        {
            "" or "mode=rwc" or "mode=rw" or "mode=memory" => "",
            "mode=ro" => "opens the database read-only, but every enrollment is written there; use mode=rwc",
            _ => "has a parameter other than mode=rwc (made when missing) or mode=rw (must exist)",
        };
        if (path.Length == 0 && query != "mode=memory") problem = "names no file after sqlite://; write sqlite:///path/kipuka.db";
        if (path.Contains('\0')) problem = "has a NUL character, which no path has";
        if (problem.Length > 0) return null;
        return path == ":memory:" || query == "mode=memory"
            ? new DatabaseUrl(null, mayCreate: true)
            : new DatabaseUrl(Path.GetFullPath(path, folder), mayCreate: query != "mode=rw");
    }
}
