using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Kipuka.Conformance;

/// <summary>The TLS paragraph and ruling 12: versions, suites, ALPN, and clients that say nothing, nonsense, or speak slowly.</summary>
public sealed class TlsConnections(TlsConnections.Server server) : IClassFixture<TlsConnections.Server>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public sealed class Server : EstServer
    {
        protected override ServerSetup Setup => new()
        {
            Server = "header_timeout = \"1s\"\nbody_timeout = \"2s\"\nmax_connections = 60",
            Tls = "handshake_timeout = \"1s\"\ncipher_suites = [\"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384\"]",
        };
    }

    [Fact]
    [Requirement("RFC 8996", "5", Level.Must, "TLS 1.1 is not negotiated.")]
    [Requirement("NIAP CA PP", "FCS_TLSS_EXT.1", Level.Must, "TLS 1.2 and 1.3 are served, and nothing older.")]
    public async Task TLS_1_1_is_refused_by_the_server()
    {
        var client = await OpenSslAsync("-tls1_1 -cipher DEFAULT@SECLEVEL=0");
        Assert.Contains("alert protocol version", client.Error, StringComparison.Ordinal);
        Assert.Contains("Verify return code", (await OpenSslAsync("-tls1_2")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task cipher_suites_are_honoured_and_1_3_keeps_AES_GCM_only()
    {
        await using (var wire = await Wire.ConnectAsync(server.Kipuka, SslProtocols.Tls12))
        {
            Assert.Equal(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, wire.Stream.NegotiatedCipherSuite);
        }
        Assert.Contains("alert handshake failure", (await OpenSslAsync("-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256")).Error, StringComparison.Ordinal);
        Assert.Contains("alert handshake failure", (await OpenSslAsync("-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256")).Error, StringComparison.Ordinal);
        Assert.Contains("TLS_AES_128_GCM_SHA256", (await OpenSslAsync("-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task min_version_1_3_refuses_1_2()
    {
        await using var strict = await KipukaServer.StartAsync(new ServerSetup { Tls = "min_version = \"1.3\"" });
        await Assert.ThrowsAnyAsync<AuthenticationException>(() => Wire.ConnectAsync(strict, SslProtocols.Tls12));
        await using var wire = await Wire.ConnectAsync(strict, SslProtocols.Tls13);
        Assert.Equal(SslProtocols.Tls13, wire.Stream.SslProtocol);
    }

    [Fact]
    [Requirement("RFC 7301", "3.2", Level.Must, "A client whose protocols are all unknown gets the alert no_application_protocol.")]
    public async Task ALPN_is_http_1_1_only()
    {
        await using var wire = await Wire.ConnectAsync(server.Kipuka, change: options => options.ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]);
        Assert.Equal(SslApplicationProtocol.Http11, wire.Stream.NegotiatedApplicationProtocol);
        Assert.Contains("no application protocol", (await OpenSslAsync("-alpn h2")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_and_garbage_disturb_nobody_and_are_cut()
    {
        var silent = Enumerable.Range(0, 20).Select(_ => new TcpClient("127.0.0.1", server.Kipuka.Port)).ToList();
        foreach (var garbage in silent.Take(10))
        {
            await garbage.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: plain\r\n\r\n"));
        }
        await EnrollsAsync();
        foreach (var one in silent)
        {
            using var limit = new CancellationTokenSource(Soon);
            var buffer = new byte[1024];
            await Record.ExceptionAsync(async () =>
            {
                while (await one.GetStream().ReadAsync(buffer, limit.Token) > 0)
                {
                }
            });
            Assert.False(limit.IsCancellationRequested, "The server let a client keep silent.");
            one.Dispose();
        }
        await EnrollsAsync();
    }

    [Fact]
    public async Task Slow_heads_and_slow_bodies_are_cut()
    {
        await using var head = await Wire.ConnectAsync(server.Kipuka);
        await head.SendAsync("POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: loc");
        await using var body = await Wire.ConnectAsync(server.Kipuka);
        using var csr = new Csr("CN=slow");
        await body.SendAsync(server.Post(csr)[..^50]);
        await EnrollsAsync();
        Assert.True(await head.EndsWithinAsync(Soon));
        Assert.True(await body.EndsWithinAsync(Soon));
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed_and_a_place_that_becomes_free_is_given_again()
    {
        var held = new List<Wire>();
        try
        {
            var refused = false;
            for (var i = 0; i < 80 && !refused; i++)
            {
                try
                {
                    held.Add(await Wire.ConnectAsync(server.Kipuka));
                }
                catch (Exception closed) when (closed is IOException or AuthenticationException)
                {
                    refused = true;
                }
            }
            Assert.True(refused);
            Assert.InRange(held.Count, 1, 60);
        }
        finally
        {
            foreach (var wire in held)
            {
                await wire.DisposeAsync();
            }
        }
        using var limit = new CancellationTokenSource(Soon);
        while (await Record.ExceptionAsync(EnrollsAsync) is not null)
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task EnrollsAsync()
    {
        using var csr = new Csr("CN=meanwhile");
        Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(csr)).Status);
    }

    private Task<Tool.Result> OpenSslAsync(string arguments)
        => Tool.RunAsync("openssl", ["s_client", "-connect", $"127.0.0.1:{server.Kipuka.Port}", .. arguments.Split(' ')]);
}
