using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Interop;

/// <summary>Keys that the server makes, received by Bouncy Castle's ESTService and CMS classes and by <c>kipuka est serverkeygen</c>.</summary>
public sealed class ServerKeyTests(ServerKeyTests.Machine machine) : IClassFixture<ServerKeyTests.Machine>, IDisposable
{
    private readonly ScratchFolder _folder = new();

    private KipukaServer Server => machine.Server;

    private string ClassPath => machine.ClassPath;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task BouncyCastleGetsAKeyAndItsCertificate()
    {
        var password = await Server.CreatePasswordAsync("meter-1");
        var pem = await Peer.RunAsync(
            "java", "-cp", ClassPath, "EstPeer", $"localhost:{Server.Port}", Server.CaFile, "serverkeygen", "CN=meter-1", "meter-1", password);
        using var both = X509Certificate2.CreateFromPem(pem, pem);
        Assert.Equal("CN=meter-1", both.Subject);
    }

    [Theory]
    [InlineData("rsa", "2.16.840.1.101.3.4.1.42")]
    [InlineData("rsa", "2.16.840.1.101.3.4.1.46")]
    [InlineData("ec", "2.16.840.1.101.3.4.1.42")]
    public async Task BouncyCastleOpensAnEncryptedKey(string type, string cipher)
    {
        using var csr = new Csr("CN=meter-2", key: type == "rsa" ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP384), change: request =>
        {
            var id = new X509SubjectKeyIdentifierExtension(request.PublicKey, false).SubjectKeyIdentifierBytes;
            Add(request, "1.2.840.113549.1.9.16.2.54", writer => writer.WriteOctetString(id.Span));
            Add(request, "1.2.840.113549.1.9.15", writer =>
            {
                using var list = writer.PushSequence();
                using var one = writer.PushSequence();
                writer.WriteObjectIdentifier(cipher);
            });
        });
        var answer = await Server.EnrollAsync(csr, await Server.CreatePasswordAsync(), path: "serverkeygen");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        var parts = answer.Text.Split("\r\n\r\n").Skip(1).Select(part => Convert.FromBase64String(part.Split("\r\n--")[0])).ToList();
        await File.WriteAllBytesAsync(_folder["message"], parts[0]);
        await File.WriteAllTextAsync(_folder["key.pem"], csr.Key.ExportPkcs8PrivateKeyPem());

        var key = await Peer.RunAsync("java", "-cp", ClassPath, "KeyOpener", _folder["key.pem"], _folder["message"]);

        var certificates = new System.Security.Cryptography.Pkcs.SignedCms();
        certificates.Decode(parts[1]);
        var pem = PemEncoding.WriteString("PRIVATE KEY", Convert.FromBase64String(key));
        using var both = X509Certificate2.CreateFromPem(certificates.Certificates.Single().ExportCertificatePem(), pem);
        Assert.Equal("CN=meter-2", both.Subject);
    }

    [Theory]
    [InlineData("rsa-2048", "--encrypted")]
    [InlineData("ecdsa-p256", "--encrypted")]
    [InlineData("ecdsa-p521", "--encrypted")]
    [InlineData("ecdsa-p384", "")]
    [InlineData("rsa-2048", "--decrypt-key")]
    public async Task OurOwnClientKeepsKeyAndCertificate(string type, string option)
    {
        await File.WriteAllTextAsync(_folder["kek"], Convert.ToBase64String(machine.Kek));
        string[] options = option switch { "" => [], "--decrypt-key" => [option, _folder["kek"], "--decrypt-key-id", "shared"], _ => [option] };
        var password = await Server.CreatePasswordAsync("device-1");
        var result = await Peer.KipukaAsync(
            ["est", "serverkeygen", "--url", $"https://localhost:{Server.Port}", "--cacert", Server.CaFile, "--user", $"device-1:{password}",
             "--subject", "CN=device-1", "--key-type", type, "--out", _folder["device"], .. options]);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["device.key"]));
        using var both = X509Certificate2.CreateFromPemFile(_folder["device.pem"], _folder["device.key"]);
        Assert.Equal("CN=device-1", both.Subject);
        Assert.Empty(Directory.GetFiles(_folder.Path, "device.request*"));
    }

    private static void Add(CertificateRequest request, string oid, Action<System.Formats.Asn1.AsnWriter> write)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        write(writer);
        request.OtherRequestAttributes.Add(new AsnEncodedData(new Oid(oid), writer.Encode()));
    }

    /// <summary>A server, and the Java programs, compiled once.</summary>
    public sealed class Machine : IAsyncLifetime
    {
        private static readonly string[] Jars = ["bcpkix", "bcprov", "bctls", "bcutil"];

        private readonly ScratchFolder _classes = new();
        private KipukaServer? _server;

        public KipukaServer Server => _server!;

        public byte[] Kek { get; } = RandomNumberGenerator.GetBytes(32);

        public string ClassPath => string.Join(':', Jars.Select(name => $"/usr/share/java/{name}.jar").Append(_classes.Path));

        public async Task InitializeAsync()
        {
            var sources = Path.Combine(AppContext.BaseDirectory, "java");
            await Peer.RunAsync("javac", "-cp", ClassPath, "-d", _classes.Path, Path.Combine(sources, "EstPeer.java"), Path.Combine(sources, "KeyOpener.java"));
            _server = await KipukaServer.StartAsync(new ServerSetup
            {
                More = """
                    [est.serverkeygen]
                    encryption = "on-request"
                    [[est.serverkeygen.decrypt_key]]
                    id = "shared"
                    key_file = "shared.kek"
                    """,
                Files = new Dictionary<string, string> { ["shared.kek"] = Convert.ToHexString(Kek) },
            });
        }

        public async Task DisposeAsync()
        {
            if (_server is not null)
            {
                await _server.DisposeAsync();
            }
            _classes.Dispose();
        }
    }
}
