using System.Net.Sockets;

namespace Kipuka.Plugins.AuditSyslog;

/// <summary>Makes connections to the server.</summary>
internal sealed class Connector(SyslogServer server, Framing framing, TlsClient? tls, TimeProvider clock) : IDisposable
{
    private const int KeepAliveSeconds = 60;
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    public SyslogServer Server => server;

    /// <exception cref="Exception">There is no connection; the message says why.</exception>
    public Task<ILink> OpenAsync(CancellationToken cancel)
        => server.Scheme == SyslogScheme.Udp ? UdpLink.OpenAsync(server, cancel) : OpenStreamAsync(cancel);

    public void Dispose() => tls?.Dispose();

    private async Task<ILink> OpenStreamAsync(CancellationToken cancel)
    {
        var begin = clock.GetTimestamp();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            // Firewalls forget connections that are silent for long.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
            await socket.ConnectAsync(server.Host, server.Port, cancel);
            stream = new NetworkStream(socket, ownsSocket: false);
            if (tls is not null)
            {
                stream = await tls.SecureAsync(stream, server.Host, cancel);
            }
        }
        catch
        {
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }
            socket.Dispose();
            throw;
        }
        var link = new StreamLink(socket, stream, framing, clock);
        await ProveAsync(link, clock.GetElapsedTime(begin), cancel);
        return link;
    }

    /// <summary>
    /// In TLS 1.3 a server judges the client's certificate after the client thinks that all is well, and every server may look at an
    /// allow list after it has accepted: records that are sent before that are lost. So the first one waits as long as connecting took.
    /// </summary>
    private static async Task ProveAsync(StreamLink link, TimeSpan connecting, CancellationToken cancel)
    {
        try
        {
            var wait = connecting < LeastWait ? LeastWait : connecting > LongestWait ? LongestWait : connecting;
            if (await link.EndsWithinAsync(wait, cancel) is { } reason)
            {
                throw new IOException($"{reason} right after it was made; does the server ask for another client certificate or address?");
            }
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }
}
