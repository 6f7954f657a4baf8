using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Interop;

/// <summary>Bouncy Castle's ESTService (java/EstPeer.java).</summary>
public sealed class BouncyCastleTests : IAsyncLifetime
{
    private static readonly string[] Jars = ["bcpkix", "bcprov", "bctls", "bcutil"];

    private readonly ScratchFolder _folder = new();
    private readonly TestAuthority _authority = new("Kipuka Test CA");
    private KipukaServer? _server;

    private KipukaServer Server => _server!;

    private string ClassPath => string.Join(':', Jars.Select(Jar).Append(_folder.Path));

    public async Task InitializeAsync()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "java", "EstPeer.java");
        await Peer.RunAsync("javac", "-cp", ClassPath, "-d", _folder.Path, source);
        _server = await KipukaServer.StartAsync(new ServerSetup { Authority = _authority });
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task ItReadsTheCa() => Assert.Equal(Server.Authority.Certificate, X509Certificate2.CreateFromPem(await EstAsync("cacerts")));

    [Fact]
    public async Task ItUnderstandsThatThereAreNoAttributes() => Assert.Equal("none\n", await EstAsync("csrattrs"));

    [Fact]
    public async Task ItReadsTheAttributes()
    {
        await using var server = await KipukaServer.StartAsync(new ServerSetup
        {
            Est = "csr_attributes = [\"1.2.840.10045.4.3.2\", \"1.3.6.1.1.1.1.22\"]",
        });
        var lines = (await EstAsync(server, "csrattrs")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["1.2.840.10045.4.3.2", "1.3.6.1.1.1.1.22"], lines.Order());
    }

    [Fact]
    public async Task ItEnrollsAfterTheChallengeForBasic()
    {
        var password = await Server.CreatePasswordAsync("meter-1");
        using var issued = X509Certificate2.CreateFromPem(await EstAsync("enroll", "CN=meter-1", "meter-1", password));
        Assert.Equal("CN=meter-1", issued.Subject);
        await File.WriteAllTextAsync(_folder["issued.pem"], issued.ExportCertificatePem());
        await Peer.RunAsync("openssl", "verify", "-CAfile", Server.CaFile, _folder["issued.pem"]);
    }

    [Fact]
    public async Task ItRenewsWithTheCertificate()
    {
        using var present = await Server.EnrollDeviceAsync("CN=meter-2");
        await File.WriteAllBytesAsync(_folder["present.p12"], present.Export(X509ContentType.Pkcs12, "interop"));
        using var renewed = X509Certificate2.CreateFromPem(await EstAsync("reenroll", _folder["present.p12"]));
        Assert.Equal("CN=meter-2", renewed.Subject);
        Assert.NotEqual(present.SerialNumber, renewed.SerialNumber);
    }

    // RFC 7030 section 3.5 over TLS 1.2. For TLS 1.3 this version of its TLS exports nothing once the handshake is over.
    [Fact]
    public async Task ItLinksARequestToItsConnection()
    {
        await using var server = await KipukaServer.StartAsync(new ServerSetup { Est = "channel_binding = \"required\"" });
        var password = await server.CreatePasswordAsync("meter-4");
        var unlinked = await Peer.TryAsync("java", Arguments(server, "enroll", "CN=meter-4", "meter-4", password));
        Assert.NotEqual(0, unlinked.ExitCode);
        Assert.Contains("400", unlinked.Error, StringComparison.Ordinal);
        using var issued = X509Certificate2.CreateFromPem(await EstAsync(server, "pop", "CN=meter-4", "meter-4", password));
        Assert.Equal("CN=meter-4", issued.Subject);
    }

    [Fact]
    public async Task ItEnrollsWithACertificate()
    {
        using var present = await Server.EnrollDeviceAsync("CN=meter-5");
        await File.WriteAllBytesAsync(_folder["present.p12"], present.Export(X509ContentType.Pkcs12, "interop"));
        using var issued = X509Certificate2.CreateFromPem(await EstAsync("enroll-by-certificate", _folder["present.p12"]));
        Assert.Equal("CN=meter-5", issued.Subject);
        Assert.NotEqual(present.SerialNumber, issued.SerialNumber);
    }

    [Fact]
    public async Task ItReportsAWrongPassword()
    {
        var result = await Peer.TryAsync("java", Arguments(Server, "enroll", "CN=meter-3", "meter-3", "wrong"));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("401", result.Error, StringComparison.Ordinal);
    }

    private Task<string> EstAsync(params string[] words) => EstAsync(Server, words);

    private Task<string> EstAsync(KipukaServer server, params string[] words) => Peer.RunAsync("java", Arguments(server, words));

    private string[] Arguments(KipukaServer server, params string[] words) => ["-cp", ClassPath, "EstPeer", $"localhost:{server.Port}", server.CaFile, .. words];

    private static string Jar(string name)
    {
        var jar = $"/usr/share/java/{name}.jar";
        Assert.True(File.Exists(jar), $"{jar} is missing: apt-get install lib{name}-java");
        return jar;
    }
}
