using System.CommandLine;
using System.Text;
using Kipuka.Cli.Client;
using Kipuka.Config;

namespace Kipuka.Cli.Actions;

/// <summary>Where the running server's admin API is and how to prove oneself there: all found beside kipuka.toml unless an option says otherwise.</summary>
internal sealed class AdminOptions(Surroundings surroundings)
{
    public const string TokenVariable = "KIPUKA_ADMIN_TOKEN";

    private readonly Option<string?> config = SharedOptions.Config();

    private readonly Option<string?> url = SharedOptions.Text("--admin-url", "URL", "The admin API; without it server.admin_listen of the configuration.");

    private readonly Option<string?> cacert = SharedOptions.Text(
        "--cacert", "FILE", "CA certificates for the server's certificate; without it ca.pem beside kipuka.toml, else those of the system.");

    private readonly Option<string?> tokenFile = SharedOptions.Text(
        "--token-file", "FILE", $"A file with the bearer token; without it the variable {TokenVariable}, then admin.token beside kipuka.toml.");

    private readonly Option<string?> cert = SharedOptions.Text("--cert", "FILE", "A client certificate for the admin API.");

    private readonly Option<string?> key = SharedOptions.Text("--key", "FILE", "Its private key, PEM.");

    public Option<bool> Json { get; } = SharedOptions.Json();

    private readonly Option<bool> table = new("--table") { Description = "Print text and tables also where the output is no terminal." };

    public IReadOnlyList<string> Names => [.. All.Select(option => option.Name)];

    private Option[] All => [config, url, cacert, tokenFile, cert, key, Json, table];

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>The configuration that is named; null when none is.</summary>
    public string? ConfigFile(ParseResult parsed) => parsed.GetValue(config);

    /// <summary>Whether answers are printed as JSON: where it is asked for, and where nobody looks on.</summary>
    public bool AsJson(ParseResult parsed) => parsed.GetValue(Json) || (Console.IsOutputRedirected && !parsed.GetValue(table));

    public AdminClient Open(ParseResult parsed)
    {
        var file = FindConfig.Path(parsed.GetValue(config), surroundings.Folder);
        var address = parsed.GetValue(url) is { } given ? Parse(given) : Address(file);
        var folder = file is null ? null : Path.GetDirectoryName(surroundings.FullPath(file));
        var anchors = CertificateFile.ReadAnchors(surroundings, parsed.GetValue(cacert) ?? Beside(folder, "ca.pem"));
        var identity = ClientIdentity.ReadIfGiven(surroundings, parsed.GetValue(cert), parsed.GetValue(key));
        return new AdminClient(address, new SecureHttp(address, anchors, identity), Token(parsed.GetValue(tokenFile), folder), identity);
    }

    private Uri Address(string? file) => file is null
        ? throw CliException.Usage($"where is the server? {FindConfig.NotFound}, or give --admin-url")
        : LocalAddress.Reachable(new ConfigTables(surroundings, file).Bind<ServerConfig>("server").AdminListen);

    private string? Token(string? given, string? folder)
    {
        if (given is null && surroundings.Variable(TokenVariable) is { Length: > 0 } token)
        {
            return token;
        }
        var file = given ?? Beside(folder, "admin.token");
        return file is null ? null : Encoding.UTF8.GetString(surroundings.Read(file, "--token-file")).Trim();
    }

    private static string? Beside(string? folder, string name) =>
        folder is not null && Path.Combine(folder, name) is var path && File.Exists(path) ? path : null;

    private static Uri Parse(string url) =>
        Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.AbsolutePath == "/"
            ? uri
            : throw CliException.Usage($"--admin-url: {url} is not an https address such as https://127.0.0.1:9443");
}
