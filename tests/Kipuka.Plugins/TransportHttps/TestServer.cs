using System.Net;
using Kipuka.Plugins.TransportHttps;
using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>A transport that listens on a free port of 127.0.0.1, with a fake server behind it.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private TestServer(HttpsSettings settings) => Settings = settings;

    public HttpsSettings Settings { get; }

    public FakeServices Services { get; } = new();

    public FakeHost Host { get; } = new();

    public ITransport Transport { get; private set; } = null!;

    public int Port => Services.Bound[Settings.Listen].Port;

    public int AdminPort => Services.Bound[Settings.AdminListen].Port;

    public static HttpsSettings Defaults() => new()
    {
        Cert = TestCertificates.CertFile(TestCertificates.Server, TestCertificates.Intermediate),
        Key = TestCertificates.KeyFile(TestCertificates.Server),
        Listen = new(IPAddress.Loopback, 0),
        // Port 0 again, but another endpoint to the fake sockets.
        AdminListen = new(IPAddress.Parse("127.0.0.9"), 0),
        ClientAuth = ClientAuthMode.Optional,
    };

    public static async Task<TestServer> StartAsync(Func<HttpsSettings, HttpsSettings>? change = null, Action<TestServer>? prepare = null)
    {
        var settings = Defaults();
        var server = new TestServer(change?.Invoke(settings) ?? settings);
        Assert.Empty(new HttpsTransportPlugin().Check(server.Settings));
        prepare?.Invoke(server);
        server.Transport = await new HttpsTransportPlugin().StartAsync(server.Settings, server.Host, CancellationToken.None);
        await server.Transport.ListenAsync(server.Services, CancellationToken.None);
        return server;
    }

    public Task<RawClient> ConnectAsync(Action<System.Net.Security.SslClientAuthenticationOptions>? change = null)
        => RawClient.ConnectAsync(new(IPAddress.Loopback, Port), change);

    /// <summary>One request on a connection of its own.</summary>
    public async Task<RawAnswer> AskAsync(string request, byte[]? body = null)
    {
        await using var client = await ConnectAsync();
        return await client.AskAsync(request, body);
    }

    public ValueTask DisposeAsync() => Transport.DisposeAsync();
}
