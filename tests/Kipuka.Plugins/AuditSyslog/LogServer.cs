using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Kipuka.Plugins.Tests.AuditSyslog;

/// <summary>A syslog server on a loopback port that does what a test tells it. It reads messages framed by their length (RFC 6587 section 3.4.1).</summary>
internal sealed class LogServer : IAsyncDisposable
{
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<Socket, bool> open = [];
    private readonly SslServerAuthenticationOptions? tls;
    private readonly Func<int, bool> refuses;
    private readonly SemaphoreSlim arrived = new(0);
    private readonly Task accepting;

    /// <param name="port">0 for any.</param>
    /// <param name="tls">For TLS.</param>
    /// <param name="refuses">Whether the connection with this number, from 1 on, is closed as soon as it is there.</param>
    public LogServer(int port = 0, SslServerAuthenticationOptions? tls = null, Func<int, bool>? refuses = null)
    {
        this.tls = tls;
        this.refuses = refuses ?? (_ => false);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        accepting = AcceptAsync();
    }

    public int Port { get; }

    public int Connections { get; private set; }

    public ConcurrentQueue<SyslogMessage> Messages { get; } = new();

    public ConcurrentQueue<string> Faults { get; } = new();

    public IEnumerable<long> Sequences => Messages.Select(message => long.Parse(message.Data["sequence"], CultureInfo.InvariantCulture));

    /// <summary>Waits until so many messages more than the test has waited for have come.</summary>
    public async Task ArriveAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True(await arrived.WaitAsync(TimeSpan.FromSeconds(20)), $"{i} of {count} messages came; faults: {string.Join("; ", Faults)}");
        }
    }

    /// <summary>Ends every connection: with FIN, as a server that is stopped, or with RST, as one that is killed.</summary>
    public void Hangup(bool reset = false)
    {
        foreach (var socket in open.Keys)
        {
            if (reset)
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        Hangup();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync();
                Connections++;
                if (refuses(Connections))
                {
                    socket.Dispose();
                    continue;
                }
                open[socket] = true;
                serving.Add(ServeAsync(socket));
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            Stream stream = new NetworkStream(socket);
            if (tls is not null)
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(tls);
                stream = secure;
            }
            while (await ReadLengthAsync(stream) is { } length)
            {
                var message = new byte[length];
                await stream.ReadExactlyAsync(message);
                Messages.Enqueue(SyslogMessage.Parse(message));
                arrived.Release();
            }
        }
        catch (Exception fault)
        {
            Faults.Enqueue(fault.ToString());
        }
        finally
        {
            open.TryRemove(socket, out _);
            socket.Dispose();
        }
    }

    // MSG-LEN = NONZERO-DIGIT *DIGIT, and a space
    private static async Task<int?> ReadLengthAsync(Stream stream)
    {
        var digits = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one) > 0)
        {
            if (one[0] == ' ')
            {
                Assert.Matches("^[1-9][0-9]{0,6}$", digits.ToString());
                return int.Parse(digits.ToString(), CultureInfo.InvariantCulture);
            }
            digits.Append((char)one[0]);
        }
        return null;
    }
}
