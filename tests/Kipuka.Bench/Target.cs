using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Testing;

namespace Kipuka.Bench;

/// <summary>The published server with ledger and journal in a file, P-256 throughout, and as many devices as connections.</summary>
internal sealed class Target : IAsyncDisposable
{
    private const int Uses = 1_000_000;

    private readonly TestAuthority _authority;
    private readonly List<string> _passwords = [];
    private readonly List<X509Certificate2> _identities = [];

    private Target(KipukaServer server, TestAuthority authority) => (Server, _authority) = (server, authority);

    public KipukaServer Server { get; }

    public static async Task<Target> StartAsync(int devices, IReadOnlyDictionary<string, string?>? environment = null, string tables = "")
    {
        var authority = new TestAuthority("Kipuka Bench CA");
        // [otp] of the harness is sha256-hmac: a memory-hard hash would be all that is measured.
        var target = new Target(await KipukaServer.StartAsync(new ServerSetup { Authority = authority, Environment = environment ?? new Dictionary<string, string?>(), More = tables }), authority);
        for (var number = 0; number < devices; number++)
        {
            target._passwords.Add(await target.Server.CreatePasswordAsync($"device-{number}", Uses));
            target._identities.Add(authority.Issue($"CN=device-{number}", usages: ["1.3.6.1.5.5.7.3.2"]));
        }
        return target;
    }

    /// <summary>A client with connections of its own, whose handshakes are full ones: nothing is resumed.</summary>
    public HttpClient Client(X509Certificate2? identity)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.Add(_authority.Certificate);
        var tls = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls13,
            AllowTlsResume = false,
            CertificateChainPolicy = policy,
        };
        if (identity is not null)
        {
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(identity, null, offline: true);
        }
        return new HttpClient(new SocketsHttpHandler { SslOptions = tls, UseProxy = false, UseCookies = false });
    }

    public string Password(int device) => _passwords[device];

    public X509Certificate2 Identity(int device) => _identities[device];

    public static string Name(int device) => $"device-{device}";

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _identities.ForEach(identity => identity.Dispose());
        _authority.Dispose();
    }
}
