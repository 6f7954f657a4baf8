namespace Kipuka.Cli.Client;

/// <summary>Where a server's EST operations are.</summary>
internal sealed class EstAddress
{
    private const string WellKnown = "/.well-known/est";

    private readonly Uri root;

    private EstAddress(Uri root) => this.root = root;

    /// <param name="url">As it was typed: the server alone, or with the path that its operations are below.</param>
    /// <param name="label">Null for the unlabelled path.</param>
    public static EstAddress Parse(string url, string? label)
    {
        if (!Uri.TryCreate(url.Contains("://", StringComparison.Ordinal) ? url : $"https://{url}", UriKind.Absolute, out var uri)
            || uri.Scheme != Uri.UriSchemeHttps || uri.Host.Length == 0 || uri.UserInfo.Length > 0 || uri.Query.Length > 0)
        {
            throw CliException.Usage($"--url: {url} is not an https address such as https://est.example.com:8443");
        }
        var path = uri.AbsolutePath.TrimEnd('/');
        path = path.Length == 0 ? WellKnown : path;
        return new EstAddress(new Uri(uri, label is null ? path + "/" : $"{path}/{Uri.EscapeDataString(label)}/"));
    }

    public Uri Operation(string name) => new(root, name);
}
