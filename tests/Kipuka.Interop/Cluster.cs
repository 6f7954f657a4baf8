using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Interop;

/// <summary>Eight processes of the published server with one CA on one PostgreSQL.</summary>
public sealed class Cluster : IAsyncLifetime
{
    public const int Nodes = 8;

    private readonly List<X509Certificate2> _identities = [];

    public PostgresHost Host { get; private set; } = null!;

    public string Database { get; private set; } = "";

    public TestAuthority Authority { get; } = new("Kipuka Test CA");

    public IReadOnlyList<KipukaServer> Servers { get; private set; } = [];

    public async Task InitializeAsync()
    {
        Host = await PostgresHost.CreateAndStartAsync();
        Database = await Host.CreateDatabaseAsync();
        // All at once: they migrate one after the other, and the first does it all.
        Servers = await Task.WhenAll(Enumerable.Range(1, Nodes).Select(number => KipukaServer.StartAsync(new ServerSetup
        {
            Authority = Authority,
            DatabaseUrl = Host.Url(Database),
            Database = "connect_timeout = \"30s\"",
            Server = $"node = \"node-{number}\"",
        })));
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(Servers.Select(server => server.DisposeAsync().AsTask()));
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }
        _identities.ForEach(identity => identity.Dispose());
        Authority.Dispose();
    }

    /// <summary>A client certificate that the labels' anchors accept.</summary>
    public X509Certificate2 Identity(string name)
    {
        var identity = Authority.Issue($"CN={name}", usages: ["1.3.6.1.5.5.7.3.2"]);
        _identities.Add(identity);
        return identity;
    }

    public Task<string> SqlAsync(string sql) => Host.SqlAsync(Database, sql);
}
