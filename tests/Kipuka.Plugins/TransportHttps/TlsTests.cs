using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Plugins.TransportHttps;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>Versions, suites, client certificates and resumption: RFC 7030 section 3.3, rulings 11 and 12.</summary>
public sealed class TlsTests
{
    private const string Get = "GET /.well-known/est/cacerts HTTP/1.1";

    [Theory]
    [InlineData("1.2", SslProtocols.Tls12, true)]
    [InlineData("1.2", SslProtocols.Tls13, true)]
    [InlineData("1.3", SslProtocols.Tls13, true)]
    [InlineData("1.3", SslProtocols.Tls12, false)]
    public async Task The_lowest_version_is_as_configured(string lowest, SslProtocols offered, bool accepted)
    {
        await using var server = await TestServer.StartAsync(settings => settings with { MinVersion = lowest });

        var refused = await Record.ExceptionAsync(async () =>
        {
            await using var client = await server.ConnectAsync(options => options.EnabledSslProtocols = offered);
            Assert.Equal(200, (await client.AskAsync(Get)).Status);
            Assert.Equal(offered == SslProtocols.Tls13, server.Services.Requests.Single().Peer.IsTls13);
        });

        Assert.Equal(accepted, refused is null);
    }

    [Theory]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, SslProtocols.Tls12, true)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, SslProtocols.Tls12, false)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, SslProtocols.Tls12, false)]
    [InlineData(TlsCipherSuite.TLS_AES_256_GCM_SHA384, SslProtocols.Tls13, true)]
    [InlineData(TlsCipherSuite.TLS_AES_128_GCM_SHA256, SslProtocols.Tls13, true)]
    [InlineData(TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, SslProtocols.Tls13, false)]
    public async Task Only_listed_suites_are_negotiated_and_TLS_13_gets_its_GCM_suites(TlsCipherSuite suite, SslProtocols version, bool accepted)
    {
        // A certificate of its own: .NET keeps one TLS context for each.
        using var certificate = TestCertificates.MakeServer();
        await using var server = await TestServer.StartAsync(settings => settings with
        {
            Cert = TestCertificates.CertFile(certificate, TestCertificates.Intermediate),
            Key = TestCertificates.KeyFile(certificate),
            CipherSuites = ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
        });

        var refused = await Record.ExceptionAsync(async () =>
        {
            await using var client = await server.ConnectAsync(options =>
            {
                options.EnabledSslProtocols = version;
                options.CipherSuitesPolicy = new CipherSuitesPolicy([suite]);
            });
            Assert.Equal(200, (await client.AskAsync(Get)).Status);
        });

        Assert.Equal(accepted, refused is null);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_resumed_session_still_has_the_whole_chain_the_client_presented(string version)
    {
        await using var server = await TestServer.StartAsync();
        using var openssl = new OpenSsl();
        const string input = Get + "\r\nHost: x\r\nConnection: close\r\n\r\n";

        await OpenSsl.ConnectAsync(server, $"{version} {openssl.Client()} -sess_out {openssl.At("session")}", input);
        var second = await OpenSsl.ConnectAsync(server, $"{version} {openssl.Client()} -sess_in {openssl.At("session")}", input);

        Assert.Contains("Reused, TLS", second, StringComparison.Ordinal);
        Assert.Equal(2, server.Services.Requests.Count);
        foreach (var request in server.Services.Requests)
        {
            Assert.Equal([TestCertificates.Client.RawData, TestCertificates.Intermediate.RawData], request.Peer.Certificates.Select(one => one.ToArray()));
        }
        Assert.DoesNotContain(server.Host.Logged, line => line.Contains("not resumed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Suites_that_change_while_the_old_listener_runs_hold_at_once_and_only_resumption_waits_for_a_restart()
    {
        using var certificate = TestCertificates.MakeServer();
        HttpsSettings With(HttpsSettings settings, string suite) => settings with
        {
            Cert = TestCertificates.CertFile(certificate, TestCertificates.Intermediate),
            Key = TestCertificates.KeyFile(certificate),
            CipherSuites = [suite],
        };
        await using var old = await TestServer.StartAsync(settings => With(settings, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"));
        await using var next = await TestServer.StartAsync(settings => With(settings, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"));

        foreach (var (server, suite) in new[] { (old, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256), (next, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384) })
        {
            await using var client = await server.ConnectAsync(options => options.EnabledSslProtocols = SslProtocols.Tls12);
            Assert.Equal(200, (await client.AskAsync(Get)).Status);
            Assert.Equal(suite, client.Tls.NegotiatedCipherSuite);
        }
        Assert.Contains(next.Host.Logged, line => line.Contains("not resumed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ClientAuthMode.Required, true, 200)]
    [InlineData(ClientAuthMode.Required, false, 403)]
    [InlineData(ClientAuthMode.Optional, false, 200)]
    [InlineData(ClientAuthMode.RequiredForReenroll, false, 200)]
    [InlineData(ClientAuthMode.None, true, 200)]
    public async Task A_client_certificate_is_asked_as_the_mode_says_and_not_judged(ClientAuthMode mode, bool shown, int status)
    {
        await using var server = await TestServer.StartAsync(settings => settings with { ClientAuth = mode });
        using var stranger = TestCertificates.Make("nobody knows me", issuer: null, ca: false, until: DateTimeOffset.UnixEpoch);
        await using var client = await server.ConnectAsync(options => options.ClientCertificates = shown ? [stranger] : null);

        Assert.Equal(status, (await client.AskAsync(Get)).Status);
        var seen = server.Services.Requests.SelectMany(request => request.Peer.Certificates).Select(one => one.ToArray());
        Assert.Equal(shown && mode != ClientAuthMode.None ? [stranger.RawData] : [], seen);
    }

    [Fact]
    public async Task No_client_certificate_causes_an_outbound_connection()
    {
        using var bait = new TcpListener(IPAddress.Loopback, 0);
        bait.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)bait.LocalEndpoint).Port}/x";
        using var certificate = TestCertificates.Make("curious", TestCertificates.Intermediate, ca: false, null,
            new X509AuthorityInformationAccessExtension([url], [url]), CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([url]));
        await using var server = await TestServer.StartAsync();
        // Offline on the client's side too: whoever connects to the bait is the server.
        await using var client = await server.ConnectAsync(
            options => options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true));

        Assert.Equal(200, (await client.AskAsync(Get)).Status);
        Assert.Single(server.Services.Requests.Single().Peer.Certificates);
        Assert.False(bait.Pending());
    }

    [Fact]
    public async Task Only_HTTP_11_is_negotiated()
    {
        await using var server = await TestServer.StartAsync();

        await using var both = await server.ConnectAsync(options => options.ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]);
        Assert.Equal(SslApplicationProtocol.Http11, both.Tls.NegotiatedApplicationProtocol);
        await Assert.ThrowsAnyAsync<AuthenticationException>(() => server.ConnectAsync(options => options.ApplicationProtocols = [SslApplicationProtocol.Http2]));
    }

    [Fact]
    public async Task An_IPv4_client_of_a_dual_mode_socket_has_its_IPv4_address()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { Listen = new(IPAddress.IPv6Any, 0) }, server =>
            server.Services.Bind = address =>
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.DualMode = address.AddressFamily == AddressFamily.InterNetworkV6;
                socket.Bind(address);
                return socket;
            });

        Assert.Equal(200, (await server.AskAsync(Get)).Status);
        Assert.Equal(IPAddress.Loopback, server.Services.Requests.Single().Peer.Address.Address);
    }
}
