namespace Kipuka.Interop;

/// <summary>strongSwan's <c>pki</c>, which reads all headers at once and has 1024 bytes for them.</summary>
public sealed class StrongSwanTests : IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();
    private KipukaServer? _server;

    private KipukaServer Server => _server!;

    private string Host => $"https://localhost:{Server.Port}";

    public async Task InitializeAsync() => _server = await KipukaServer.StartAsync();

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        _folder.Dispose();
    }

    [Fact]
    public async Task EstcaFetchesTheCa()
    {
        await Peer.RunAsync("pki", "--estca", "--url", Host, "--cacert", Server.CaFile, "--caout", _folder["fetched.pem"], "--outform", "pem");
        Assert.Equal(File.ReadAllText(Server.CaFile).Trim(), File.ReadAllText(_folder["fetched.pem"]).Trim());
    }

    [Fact]
    public async Task EstEnrollsWithAPasswordAndRenewsWithTheCertificate()
    {
        var request = await RequestAsync("first", "router-1");
        var password = await Server.CreatePasswordAsync("router-1");
        var enrolled = await EstAsync("first", request, "--userpass", $"router-1:{password}");
        Assert.Equal("subject=CN = router-1\n", await Peer.RunAsync("openssl", "x509", "-in", enrolled, "-noout", "-subject"));

        var renewed = await EstAsync("second", await RequestAsync("second", "router-1"), "--cert", enrolled, "--key", _folder["first.key"]);
        Assert.NotEqual(await SerialAsync(enrolled), await SerialAsync(renewed));
    }

    [Fact]
    public async Task EstEnrollsWithACertificateThatWeDidNotIssue()
    {
        // pki asks for /simplereenroll as soon as it has a certificate, which is what the label allows here.
        using var other = new TestAuthority("Factory CA");
        await using var server = await KipukaServer.StartAsync(new ServerSetup
        {
            ClientAuth = "[tls.client_auth]\nmode = \"optional\"\ntrust_anchors = [\"ca.pem\", \"factory.pem\"]\n",
            Files = new Dictionary<string, string> { ["factory.pem"] = other.CertificatePem },
            More = "[[est.label]]\nname = \"factory\"\nca_id = \"default\"\nbootstrap = true\nrenew_foreign = true\nrequire_san = false\n",
        });
        using var device = other.Issue("CN=router-2", usages: ["1.3.6.1.5.5.7.3.2"]);
        await File.WriteAllTextAsync(_folder["factory.pem"], device.ExportCertificatePem());
        await File.WriteAllTextAsync(_folder["factory.key"], System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(device)!.ExportPkcs8PrivateKeyPem());
        var request = await RequestAsync("third", "router-2");
        var issued = await EstAsync(
            server, $"https://localhost:{server.Port}/.well-known/est/factory", "third", request, "--cert", _folder["factory.pem"], "--key", _folder["factory.key"]);
        Assert.Equal($"{issued}: OK\n", await Peer.RunAsync("openssl", "verify", "-CAfile", server.CaFile, issued));
    }

    [Fact]
    public async Task EstReportsAWrongPassword()
    {
        var request = await RequestAsync("wrong", "router-3");
        var result = await Peer.TryAsync(
            "pki", "--est", "--url", Host, "--in", request, "--cacert", Server.CaFile, "--userpass", "router-3:wrong", "--outform", "pem");
        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain("BEGIN CERTIFICATE", result.Output, StringComparison.Ordinal);
    }

    private async Task<string> RequestAsync(string name, string device)
    {
        var (key, request) = (_folder[$"{name}.key"], _folder[$"{name}.csr"]);
        await Peer.BashAsync($"""
            pki --gen --type ecdsa --size 256 --outform pem > '{key}'
            pki --req --type ecdsa --in '{key}' --dn CN={device} --outform der > '{request}'
            """);
        return request;
    }

    private Task<string> EstAsync(string name, string request, params string[] credentials) => EstAsync(Server, Host, name, request, credentials);

    private async Task<string> EstAsync(KipukaServer server, string url, string name, string request, params string[] credentials)
    {
        var certificate = _folder[$"{name}.pem"];
        await File.WriteAllTextAsync(certificate, await Peer.RunAsync(
            "pki", ["--est", "--url", url, "--in", request, "--cacert", server.CaFile, "--outform", "pem", .. credentials]));
        Assert.Equal($"{certificate}: OK\n", await Peer.RunAsync("openssl", "verify", "-CAfile", server.CaFile, certificate));
        return certificate;
    }

    private static Task<string> SerialAsync(string certificate) => Peer.RunAsync("openssl", "x509", "-in", certificate, "-noout", "-serial");
}
