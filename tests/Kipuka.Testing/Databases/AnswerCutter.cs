using System.Net;
using System.Net.Sockets;

namespace Kipuka.Testing;

/// <summary>Stands before a database server that is spoken to in the clear, and once, when told to, keeps back the answer to a COMMIT.</summary>
public sealed class AnswerCutter : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly DatabaseHost _host;
    private readonly Task _accepting;
    private int _armed;
    private int _cuts;

    public AnswerCutter(DatabaseHost host)
    {
        _host = host;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many answers were kept back.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>The next answer to a COMMIT ends its connection, and never arrives.</summary>
    public void Arm() => Volatile.Write(ref _armed, 1);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(CarryAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, _host.Port, _stop.Token);
            var asked = false;
            await Task.WhenAny(
                PumpAsync(client, server, bytes =>
                {
                    asked = bytes.IndexOf("COMMIT"u8) >= 0;
                    return true;
                }),
                PumpAsync(server, client, bytes =>
                {
                    // PostgreSQL names what it has done; MariaDB answers one statement after the other.
                    var isAnswer = _host is PostgresHost ? bytes.IndexOf("COMMIT\0"u8) >= 0 : asked;
                    if (!isAnswer || Interlocked.Exchange(ref _armed, 0) == 0)
                    {
                        return true;
                    }
                    Interlocked.Increment(ref _cuts);
                    return false;
                }));
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Func<ReadOnlySpan<byte>, bool> passes)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count && passes(buffer.AsSpan(0, count)))
            {
                await to.SendAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The connection has ended, as connections do.
        }
    }
}
