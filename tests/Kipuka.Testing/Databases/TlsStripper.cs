using System.Net;
using System.Net.Sockets;

namespace Kipuka.Testing;

/// <summary>Stands before a MariaDB server and takes the offer of TLS out of its greeting, as an attacker on the way does.</summary>
public sealed class TlsStripper : IAsyncDisposable
{
    private const int HeaderLength = 4;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public TlsStripper(int server)
    {
        _listener.Start();
        _accepting = AcceptAsync(server);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync(int server)
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token), server));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task CarryAsync(TcpClient client, int port)
    {
        using (client)
        {
            using var server = new TcpClient();
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, port, _stop.Token);
                var greeting = new byte[1024];
                var length = await server.GetStream().ReadAsync(greeting, _stop.Token);
                // Version, its text up to a NUL, connection, 8 bytes of scramble, a filler; then what the server can: bit 11 is TLS.
                var capabilities = Array.IndexOf(greeting, (byte)0, HeaderLength + 1) + 1 + 4 + 8 + 1;
                greeting[capabilities + 1] &= 0xF7;
                await client.GetStream().WriteAsync(greeting.AsMemory(0, length), _stop.Token);
                await Task.WhenAny(
                    client.GetStream().CopyToAsync(server.GetStream(), _stop.Token), server.GetStream().CopyToAsync(client.GetStream(), _stop.Token));
            }
            catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException)
            {
                // The connection has ended, as connections do.
            }
        }
    }
}
