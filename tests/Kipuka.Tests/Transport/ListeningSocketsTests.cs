using System.Net;
using System.Net.Sockets;
using Kipuka.Transport;

namespace Kipuka.Tests.Transport;

public class ListeningSocketsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_port_is_handed_over_without_closing_it()
    {
        using var sockets = new ListeningSockets();
        var address = FreeAddress();
        var old = sockets.Acquire(address, SocketType.Stream);
        old.Listen();
        await ConnectAsync(old, address);
        for (var reload = 0; reload < 5; reload++)
        {
            var next = sockets.Acquire(address, SocketType.Stream);
            next.Listen();
            old.Dispose();
            await ConnectAsync(next, address);
            old = next;
        }
        old.Dispose();
    }

    [Fact]
    public async Task A_port_that_nobody_holds_is_closed()
    {
        using var sockets = new ListeningSockets();
        var address = FreeAddress();
        var only = sockets.Acquire(address, SocketType.Stream);
        only.Listen();
        only.Dispose();
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var refused = await Assert.ThrowsAsync<SocketException>(async () => await client.ConnectAsync(address));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public void A_port_of_somebody_else_is_refused()
    {
        using var other = new Socket(SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        using var sockets = new ListeningSockets();
        Assert.Throws<SocketException>(() => sockets.Acquire(new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)other.LocalEndPoint!).Port), SocketType.Stream));
    }

    private static async Task ConnectAsync(Socket listener, IPEndPoint address)
    {
        using var client = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        var accepting = listener.AcceptAsync();
        await client.ConnectAsync(address);
        using var accepted = await accepting.WaitAsync(Patience);
        Assert.True(accepted.Connected);
    }

    private static IPEndPoint FreeAddress()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)probe.LocalEndPoint!;
    }
}
