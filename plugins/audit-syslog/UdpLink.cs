using System.Net;
using System.Net.Sockets;

namespace Kipuka.Plugins.AuditSyslog;

/// <summary>One message a datagram (RFC 5426 section 3.1). Nobody acknowledges them.</summary>
internal sealed class UdpLink : ILink
{
    private readonly Socket socket;

    private UdpLink(Socket socket) => this.socket = socket;

    public string? Ended => null;

    public static async Task<ILink> OpenAsync(SyslogServer server, CancellationToken cancel)
    {
        var address = (await Dns.GetHostAddressesAsync(server.Host, cancel))[0];
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            // Connected, so that a port that nobody listens at becomes an error of a later datagram where ICMP says so.
            await socket.ConnectAsync(new IPEndPoint(address, server.Port), cancel);
            return new UdpLink(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancel) => await socket.SendAsync(message, cancel);

    public ValueTask FlushAsync(CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
