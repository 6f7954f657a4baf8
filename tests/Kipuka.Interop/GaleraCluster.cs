using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Interop;

/// <summary>Four processes of the published server with one CA, two at each member of a Galera cluster.</summary>
public sealed class GaleraCluster : IAsyncLifetime
{
    public const int Nodes = 4;

    private readonly TestAuthority _authority = new("Kipuka Test CA");
    private readonly List<X509Certificate2> _identities = [];
    private string _database = "";

    public GaleraHost Host { get; private set; } = null!;

    public IReadOnlyList<KipukaServer> Servers { get; private set; } = [];

    public async Task InitializeAsync()
    {
        Host = await GaleraHost.CreateAndStartAsync();
        _database = await Host.First.CreateDatabaseAsync();
        Servers = await Task.WhenAll(Enumerable.Range(1, Nodes).Select(
            number => KipukaServer.StartAsync(Setup(number, number % 2 == 1 ? Host.First : Host.Second))));
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(Servers.Select(server => server.DisposeAsync().AsTask()));
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }
        _identities.ForEach(identity => identity.Dispose());
        _authority.Dispose();
    }

    public ServerSetup Setup(int number, DatabaseHost member) => new()
    {
        Authority = _authority,
        DatabaseUrl = member.Url(_database),
        Server = $"node = \"node-{number}\"",
    };

    /// <summary>A client certificate that the labels' anchors accept.</summary>
    public X509Certificate2 Identity(string name)
    {
        var identity = _authority.Issue($"CN={name}", usages: ["1.3.6.1.5.5.7.3.2"]);
        _identities.Add(identity);
        return identity;
    }

    /// <summary>At the member that is never killed.</summary>
    public Task<string> SqlAsync(string sql) => Host.First.SqlAsync(_database, sql);
}
