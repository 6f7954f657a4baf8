using System.Text.Json;
using Kipuka.Catalog;
using Kipuka.Cli.Actions;
using Kipuka.Cli.Client;
using Kipuka.Cli.Setup;
using Kipuka.Config;

namespace Kipuka.Cli.Quickstart;

/// <summary>The server of a workspace, as clients on this machine see it.</summary>
internal sealed class LocalService
{
    public const string Device = "device-1";

    private const string CreatePassword = "otp create";
    private static readonly string[] ProxyVariables = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Surroundings surroundings;
    private readonly Uri admin;
    private readonly AdminActionDescription createPassword;

    private LocalService(Workspace workspace, Surroundings surroundings, Uri admin, Uri est, AdminActionDescription createPassword)
    {
        (Workspace, this.surroundings, this.admin, Est, this.createPassword) = (workspace, surroundings, admin, est, createPassword);
    }

    public Workspace Workspace { get; }

    /// <summary>Where the unlabelled operations are.</summary>
    public Uri Est { get; }

    /// <summary>The page for browsers.</summary>
    public Uri Console => new(admin, "/console/");

    /// <summary>Whether curl would go to a proxy, which cannot reach this machine's loopback.</summary>
    public bool IsProxied => ProxyVariables.Any(name => !string.IsNullOrEmpty(surroundings.Variable(name)));

    public static LocalService Of(Workspace workspace, InstalledPlugins installed, Surroundings surroundings)
    {
        var tables = new ConfigTables(surroundings, workspace.ConfigFile);
        var server = tables.Bind<ServerConfig>("server");
        var est = new Uri(LocalAddress.Reachable(server.Listen), tables.Bind<EstConfig>("est").BasePath);
        var create = installed.Find(workspace.ConfigFile, new ConfigProblems()).SelectMany(plugin => plugin.Actions)
            .FirstOrDefault(action => action.Command == CreatePassword);
        return new LocalService(workspace, surroundings, LocalAddress.Reachable(server.AdminListen), est, create
            ?? throw new CliException($"no installed plugin brings the command \"{CreatePassword}\"; kipuka plugin list shows what is installed"));
    }

    /// <summary>A fresh one-time password for <see cref="Device"/>, made as an operator makes one.</summary>
    public async Task<string> CreatePasswordAsync(CancellationToken cancel)
    {
        var token = (await File.ReadAllTextAsync(Workspace.TokenFile, cancel)).Trim();
        var http = new SecureHttp(admin, CertificateFile.ReadAnchors(surroundings, Workspace.CaFile), null);
        using var client = new AdminClient(admin, http, token, null);
        var values = new Dictionary<string, string> { ["entity_id"] = Device, ["label"] = "quickstart" };
        var answer = await ActionCall.SendAsync(client, createPassword, values, cancel);
        return answer is { ValueKind: JsonValueKind.Object } created && created.TryGetProperty("otp", out var password)
            && password.GetString() is { Length: > 0 } text
            ? text
            : throw new CliException("the admin API answered without a one-time password");
    }

    /// <summary>An EST client that trusts this CA alone.</summary>
    public EstSession OpenEst(BasicCredential? basic, ClientIdentity? identity, Action<string> tell, CancellationToken cancel) => new(
        EstAddress.Parse(Est.ToString(), null),
        CertificateFile.ReadAnchors(surroundings, Workspace.CaFile),
        basic,
        identity,
        new Deadline(Limit, surroundings.Clock, cancel),
        TimeSpan.Zero,
        tell);

    /// <summary>The certificate and key of an earlier enrollment.</summary>
    public ClientIdentity ReadIdentity(RequestFiles files) => ClientIdentity.Read(surroundings, files.CertificateFile, files.KeyFile);
}
