using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>No certificate that a client sends causes a connection of the server, and ten thousand silent clients starve nobody.</summary>
public sealed class TlsQuiet(TlsQuiet.Server server) : IClassFixture<TlsQuiet.Server>
{
    public sealed class Server : EstServer
    {
        public TestAuthority Bootstrap { get; } = new("Bootstrap CA");

        protected override ServerSetup Setup => new()
        {
            Tls = "handshake_timeout = \"120s\"",
            ClientAuth = "[tls.client_auth]\nmode = \"optional\"\ntrust_anchors = [\"ca.pem\", \"bootstrap.pem\"]\n",
            Files = new Dictionary<string, string> { ["bootstrap.pem"] = Bootstrap.CertificatePem },
            More = "[admin.client_auth]\nmode = \"optional\"\ntrust_anchors = [\"bootstrap.pem\"]\n",
        };
    }

    [Fact]
    public async Task Nobody_is_asked_about_a_certificate_that_names_servers()
    {
        using var issuers = Listen();
        using var ocsp = Listen();
        using var lists = Listen();
        void Name(CertificateRequest request)
        {
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([Url(ocsp)], [Url(issuers)]));
            request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([Url(lists)]));
        }

        // One that chains, one whose issuer is missing and could be fetched, and a request that names the same.
        using var between = new TestAuthority("Between", change: Name, parent: server.Bootstrap);
        using var known = server.Bootstrap.Issue("CN=known", usages: ["1.3.6.1.5.5.7.3.2"], change: Name);
        using var incomplete = between.Issue("CN=incomplete", usages: ["1.3.6.1.5.5.7.3.2"], change: Name);
        using var csr = new Csr("CN=quiet", change: Name);
        // HttpClient would itself look for the issuer of its certificate; these connections do not.
        Assert.Equal(200, await EnrollAsync(known, csr));
        Assert.Equal(401, await EnrollAsync(incomplete, csr));
        Assert.Equal(200, await AdminAsync(known));
        Assert.Equal(401, await AdminAsync(incomplete));
        Assert.False(issuers.Pending() || ocsp.Pending() || lists.Pending());
    }

    [Fact]
    public async Task Ten_thousand_idle_connections_leave_room_for_an_enrollment()
    {
        const int Silent = 9_000, Shaken = 1_000;
        var sockets = new List<Socket>();
        var wires = new List<Wire>();
        try
        {
            for (var i = 0; i < Silent; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, server.Kipuka.Port);
            }
            for (var i = 0; i < Shaken; i++)
            {
                wires.Add(await Wire.ConnectAsync(server.Kipuka));
            }
            using var csr = new Csr("CN=crowd");
            Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(csr)).Status);
            Assert.Equal(200, (await wires[0].AskAsync("GET /.well-known/est/cacerts HTTP/1.1\r\nHost: localhost\r\n\r\n")).Status);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
            foreach (var wire in wires)
            {
                await wire.DisposeAsync();
            }
        }
    }

    private async Task<int> EnrollAsync(X509Certificate2 certificate, Csr csr)
    {
        await using var wire = await Wire.ConnectAsync(server.Kipuka, certificate: certificate);
        return (await wire.AskAsync("POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/pkcs10\r\n"
            + $"Content-Length: {csr.Base64.Length}\r\n\r\n{csr.Base64}")).Status;
    }

    private async Task<int> AdminAsync(X509Certificate2 certificate)
    {
        await using var wire = await Wire.ConnectAsync(server.Kipuka, certificate: certificate, port: server.Kipuka.AdminPort);
        return (await wire.AskAsync("GET /admin/ca HTTP/1.1\r\nHost: localhost\r\n\r\n")).Status;
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static string Url(TcpListener listener) => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/x";
}
