using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Kipuka.Sdk.Tck;
using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.Tests.Tck;

/// <summary>The other end of the protocol of the broken transports.</summary>
internal sealed class FrameClient : TransportClient
{
    public override bool CanCut => true;

    public override async Task<TransportAnswer> SendAsync(IPEndPoint server, TransportRequest request, CancellationToken cancel)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, cancel);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encode(request), cancel);
        var head = await ReadAsync(stream, 2, cancel);
        List<TransportPart> parts = [];
        for (var number = 0; number < head[1]; number++)
        {
            var part = await ReadAsync(stream, 5, cancel);
            var bytes = await ReadAsync(stream, BinaryPrimitives.ReadInt32BigEndian(part.AsSpan(1)), cancel);
            parts.Add(new TransportPart((EstContent)part[0], bytes));
        }
        return new TransportAnswer((EstStatus)head[0], parts);
    }

    public override async Task SendAndCutAsync(IPEndPoint server, TransportRequest request, Task cut, CancellationToken cancel)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(server, cancel);
        await socket.SendAsync(Encode(request), cancel);
        await cut.WaitAsync(cancel);
    }

    private static byte[] Encode(TransportRequest request)
    {
        var label = Encoding.UTF8.GetBytes(request.Label ?? "");
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, request.Body.Length);
        return [(byte)request.Operation, (byte)label.Length, .. label, .. length, .. request.Body.Span];
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream, int length, CancellationToken cancel)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, cancel);
        return bytes;
    }
}
