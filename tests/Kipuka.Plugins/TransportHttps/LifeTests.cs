using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Kipuka.Sdk.Transport;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>Listening, draining, and handing the port over: ITransport's promises.</summary>
public sealed class LifeTests
{
    private const int FDupFd = 0;
    private const string Get = "GET /.well-known/est/cacerts HTTP/1.1";

    [Fact]
    public async Task Unbind_finishes_what_is_asked_says_close_and_accepts_nobody()
    {
        await using var server = await TestServer.StartAsync();
        var (asked, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.Services.Answer = async (_, _) =>
        {
            asked.SetResult();
            await go.Task;
            return new(EstStatus.Ok, EstContent.CertsOnly, new byte[] { 0x30, 0x00 });
        };
        await using var idle = await server.ConnectAsync();
        await using var client = await server.ConnectAsync();
        var answer = client.AskAsync(Get);
        await asked.Task.WaitAsync(TestServer.Patience);

        var unbinding = server.Transport.UnbindAsync(CancellationToken.None).AsTask();
        Assert.True(await idle.IsClosedAsync());
        await Assert.ThrowsAnyAsync<SocketException>(() => server.ConnectAsync());
        Assert.False(unbinding.IsCompleted);
        go.SetResult();

        Assert.Equal(200, (await answer).Status);
        Assert.Equal("close", (await answer).Header("Connection"));
        await unbinding.WaitAsync(TestServer.Patience);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Unbind_cuts_what_is_left_when_its_time_is_over()
    {
        await using var server = await TestServer.StartAsync();
        var (asked, cut) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.Services.Answer = async (_, cancel) =>
        {
            asked.SetResult();
            using var registration = cancel.Register(cut.SetResult);
            await Task.Delay(Timeout.Infinite, cancel);
            throw new InvalidOperationException("unreachable");
        };
        await using var client = await server.ConnectAsync();
        await client.SendAsync($"{Get}\r\nHost: x\r\n\r\n");
        await asked.Task.WaitAsync(TestServer.Patience);
        using var over = new CancellationTokenSource();

        var unbinding = server.Transport.UnbindAsync(over.Token).AsTask();
        await over.CancelAsync();

        await unbinding.WaitAsync(TestServer.Patience);
        await cut.Task.WaitAsync(TestServer.Patience);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task The_next_transport_takes_the_port_over_without_a_refused_connection()
    {
        // The host keeps this socket and gives each transport a duplicate, as IListeningSockets promises. Every duplicate has a number of its own:
        // epoll remembers a closed descriptor as long as a duplicate lives, and .NET cannot register the same number again (EEXIST).
        var number = 500;
        using var held = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        held.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var endpoint = (IPEndPoint)held.LocalEndPoint!;
        Task<TestServer> StartAsync() => TestServer.StartAsync(settings => settings with { Listen = endpoint, AdminListen = endpoint }, server =>
        {
            server.Services.Bind = _ => new Socket(new SafeSocketHandle(Duplicate((int)held.Handle, FDupFd, Interlocked.Increment(ref number)), ownsHandle: true));
            server.Services.Admin = context =>
            {
                var linger = $"{context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.LingerState!.Enabled}";
                context.Response.ContentLength = linger.Length;
                return context.Response.WriteAsync(linger);
            };
        });
        using var over = new CancellationTokenSource();
        var served = 0;
        var server = await StartAsync();
        var clients = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await using var client = await RawClient.ConnectAsync(endpoint);
                try
                {
                    Assert.Equal(200, (await client.AskAsync(Get)).Status);
                    Interlocked.Increment(ref served);
                }
                catch (Exception closed) when (closed is EndOfStreamException or IOException)
                {
                    // Idle when its transport unbound: told to come again, which is not a refusal.
                }
            }
        })));

        for (var i = 0; i < 5; i++)
        {
            var next = await StartAsync();
            await server.Transport.UnbindAsync(CancellationToken.None);
            await server.DisposeAsync();
            server = next;
            var before = Volatile.Read(ref served);
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref served) > before, TestServer.Patience), string.Join('\n', server.Host.Logged));
        }

        await over.CancelAsync();
        await clients;

        // Closing a duplicate leaves "reset on close" on the shared socket; connections must not inherit it, or last bytes get lost.
        Assert.True(held.LingerState!.Enabled);
        Assert.Equal("False", (await AskOnceAsync(endpoint, "GET /admin HTTP/1.1")).Text);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Curl_enrolls()
    {
        await using var server = await TestServer.StartAsync();
        using var openssl = new OpenSsl();

        var output = await OpenSsl.RunAsync("curl", $"-sS --cacert {openssl.At("root.pem")} --cert {openssl.At("client.pem")} -u device:secret "
            + $"-H Content-Type:application/pkcs10 --data-binary MAA= https://localhost:{server.Port}/.well-known/est/simpleenroll -w %{{http_code}}");

        Assert.Equal("MAA=\n200", output);
        Assert.Equal("Basic", server.Services.Requests.Single().Peer.Credential!.Scheme);
    }

    private static async Task<RawAnswer> AskOnceAsync(IPEndPoint endpoint, string request)
    {
        await using var client = await RawClient.ConnectAsync(endpoint);
        return await client.AskAsync(request);
    }

    [DllImport("libc", EntryPoint = "fcntl")]
    private static extern int Duplicate(int descriptor, int command, int lowest);
}
