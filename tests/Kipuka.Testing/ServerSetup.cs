using System.Security.Cryptography;
using System.Text;

namespace Kipuka.Testing;

/// <summary>The configuration of a <see cref="KipukaServer"/>. Each part is TOML text, added to or in place of the default.</summary>
public sealed record ServerSetup
{
    /// <summary>The CA that the server issues from, which also made its TLS certificate.</summary>
    public TestAuthority Authority { get; init; } = new("Kipuka Test CA");

    /// <summary>Further keys of <c>[server]</c>.</summary>
    public string Server { get; init; } = "";

    /// <summary>Further keys of <c>[tls]</c>.</summary>
    public string Tls { get; init; } = "";

    /// <summary>The whole <c>[tls.client_auth]</c> table.</summary>
    public string ClientAuth { get; init; } = "[tls.client_auth]\nmode = \"optional\"\ntrust_anchors = [\"ca.pem\"]\n";

    /// <summary>The whole <c>[otp]</c> table. Tests that do not look at the hash use the cheapest.</summary>
    public string Otp { get; init; } = "[otp]\nenabled = true\nhash_algorithm = \"sha256-hmac\"\n";

    /// <summary>Further keys of <c>[admin]</c>.</summary>
    public string Admin { get; init; } = "";

    /// <summary>Further tokens of operators, by their descriptions.</summary>
    public IReadOnlyDictionary<string, string> Tokens { get; init; } = new Dictionary<string, string>();

    /// <summary>Further keys of the first <c>[[ca]]</c>.</summary>
    public string Ca { get; init; } = "";

    /// <summary>Where the ledger is; in the server's own folder, if nobody says otherwise.</summary>
    public string DatabaseUrl { get; init; } = "sqlite://kipuka.db";

    /// <summary>Further keys of <c>[db]</c>.</summary>
    public string Database { get; init; } = "";

    /// <summary>Further keys of <c>[est]</c>.</summary>
    public string Est { get; init; } = "";

    /// <summary>Whole tables at the end: labels, further CAs, groups.</summary>
    public string More { get; init; } = "";

    /// <summary>Files beside kipuka.toml, by name.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>Plugins of tests/plugins that the server finds beside the shipped ones.</summary>
    public IReadOnlyList<string> Plugins { get; init; } = [];

    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    private string MoreTokens => string.Concat(Tokens.Select(token =>
        $", {{ token_hash = \"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token.Value)))}\", description = \"{token.Key}\" }}"));

    private string PluginsTable => Plugins.Count == 0 ? "" : $"[plugins]\ndirectories = [\"{Path.Combine(Repository.Build, "plugins")}\", \"plugins\"]\nunpinned = true";

    internal string Config(int port, int adminPort, string tokenHash) => $"""
        [server]
        listen = "127.0.0.1:{port}"
        admin_listen = "127.0.0.1:{adminPort}"
        {Server}
        [tls]
        cert = "server.pem"
        key = "server-key.pem"
        {Tls}
        {ClientAuth}
        {Otp}
        [db]
        url = "{DatabaseUrl}"
        {Database}
        [admin]
        enabled = true
        {Admin}
        [admin.bearer_token]
        tokens = [{"{"} token_hash = "sha256:{tokenHash}", description = "tests" {"}"}{MoreTokens}]
        [[ca]]
        id = "default"
        cert = "ca.pem"
        key = "ca-key.pem"
        default_ext_key_usage = ["serverAuth", "clientAuth"]
        {Ca}
        [est]
        {Est}
        {More}
        {PluginsTable}
        """;
}
