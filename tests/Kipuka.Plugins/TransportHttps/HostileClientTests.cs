using System.Net;
using System.Net.Sockets;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>Clients that say nothing, garbage, or everything slowly. Every input has a size and a time limit.</summary>
public sealed class HostileClientTests
{
    private const string Enroll = "POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: x\r\nContent-Type: application/pkcs10\r\n";

    [Fact]
    public async Task A_client_that_never_begins_TLS_is_closed_after_the_handshake_timeout()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { HandshakeTimeout = TimeSpan.FromSeconds(1) });

        await using var silent = await ConnectPlainAsync(server);
        Assert.Equal(0, await ReadAsync(silent));
        Assert.Equal(200, (await server.AskAsync("GET /.well-known/est/cacerts HTTP/1.1")).Status);
    }

    [Fact]
    public async Task Garbage_and_plain_HTTP_instead_of_TLS_are_closed()
    {
        await using var server = await TestServer.StartAsync();

        foreach (var garbage in new[] { "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), new byte[4096], [0x16, 0x03, 0x01, 0xFF, 0xFF, .. new byte[70_000]] })
        {
            await using var client = await ConnectPlainAsync(server);
            // Refused while it still writes is refused as well.
            var closed = await Record.ExceptionAsync(async () =>
            {
                await client.WriteAsync(garbage);
                while (await ReadAsync(client) > 0)
                {
                }
            });
            Assert.True(closed is null or IOException, closed?.ToString());
        }
        Assert.Equal(200, (await server.AskAsync("GET /.well-known/est/cacerts HTTP/1.1")).Status);
    }

    [Fact]
    public async Task Headers_that_do_not_end_are_408()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { HeaderTimeout = TimeSpan.FromSeconds(1) });
        await using var client = await server.ConnectAsync();

        await client.SendAsync("GET /.well-known/est/cacerts HTTP/1.1\r\nHost: x\r\nX-Slow: ");

        Assert.Equal(408, (await client.ReadAsync()).Status);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task A_body_that_does_not_come_is_408_and_is_not_handed_over()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { BodyTimeout = TimeSpan.FromSeconds(2) });
        await using var client = await server.ConnectAsync();

        await client.SendAsync($"{Enroll}Content-Length: 100\r\n\r\nMAA");
        var answer = await client.ReadAsync();

        Assert.Equal(408, answer.Status);
        Assert.Equal("timeout: the body did not arrive within 2 seconds\n", answer.Text);
        Assert.Equal("close", answer.Header("Connection"));
        Assert.True(await client.IsClosedAsync());
        Assert.Empty(server.Services.Requests);
    }

    [Fact]
    public async Task A_silent_connection_is_closed_after_the_idle_timeout()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { IdleTimeout = TimeSpan.FromSeconds(1) });
        await using var client = await server.ConnectAsync();

        Assert.Equal(200, (await client.AskAsync("GET /.well-known/est/cacerts HTTP/1.1")).Status);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Broken_chunks_are_400()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await client.SendAsync($"{Enroll}Transfer-Encoding: chunked\r\n\r\nzz\r\nMAA\r\n0\r\n\r\n");

        Assert.Equal(400, (await client.ReadAsync()).Status);
        Assert.Empty(server.Services.Requests);
    }

    [Fact]
    public async Task A_connection_beyond_max_connections_is_closed_and_the_older_ones_live()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { MaxConnections = 2 });
        await using var first = await server.ConnectAsync();
        await using var second = await server.ConnectAsync();

        await using var third = await ConnectPlainAsync(server);
        Assert.Equal(0, await ReadAsync(third));
        Assert.Equal(200, (await first.AskAsync("GET /.well-known/est/cacerts HTTP/1.1")).Status);
        Assert.Equal(200, (await second.AskAsync("GET /.well-known/est/cacerts HTTP/1.1")).Status);
    }

    [Fact]
    public async Task An_error_answer_leaves_the_connection_usable_although_its_body_was_not_read()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        Assert.Equal(415, (await client.AskAsync("POST /.well-known/est/simpleenroll HTTP/1.1\nContent-Type: text/plain", new byte[50_000])).Status);
        Assert.Equal(404, (await client.AskAsync("POST /nothing HTTP/1.1", new byte[50_000])).Status);
        Assert.Equal(200, (await client.AskAsync("GET /.well-known/est/cacerts HTTP/1.1")).Status);
    }

    private static async Task<NetworkStream> ConnectPlainAsync(TestServer server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port));
        return new(socket, ownsSocket: true);
    }

    // 0 when the server has closed, however it did.
    private static async Task<int> ReadAsync(NetworkStream stream)
    {
        using var limit = new CancellationTokenSource(TestServer.Patience);
        try
        {
            return await stream.ReadAsync(new byte[4096], limit.Token);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
