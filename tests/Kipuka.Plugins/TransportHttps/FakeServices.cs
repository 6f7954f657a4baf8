using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Kipuka.Sdk.Transport;
using Microsoft.AspNetCore.Http;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>The server's side of a transport: an EST service that answers as told, and sockets on any free port.</summary>
internal sealed class FakeServices : TransportServices, IEstService, IListeningSockets
{
    public ConcurrentQueue<EstRequest> Requests { get; } = new();

    public ConcurrentDictionary<IPEndPoint, IPEndPoint> Bound { get; } = new();

    public Func<EstRequest, CancellationToken, ValueTask<EstResponse>> Answer { get; set; }
        = (_, _) => ValueTask.FromResult(new EstResponse(EstStatus.Ok, EstContent.CertsOnly, new byte[] { 0x30, 0x00 }));

    /// <summary>How a listening socket is made; the reload test gives out duplicates.</summary>
    public Func<IPEndPoint, Socket>? Bind { get; set; }

    public RequestDelegate? Admin { get; set; }

    public override IEstService Est => this;

    public override IListeningSockets Sockets => this;

    public override T? Find<T>()
        where T : class => Admin as T;

    public ValueTask<EstResponse> HandleAsync(EstRequest request, CancellationToken cancel)
    {
        Requests.Enqueue(request);
        return Answer(request, cancel);
    }

    public Socket Acquire(IPEndPoint address, SocketType type)
    {
        var socket = Bind is null ? new Socket(address.AddressFamily, type, ProtocolType.Tcp) : Bind(address);
        if (Bind is null)
        {
            socket.Bind(address);
        }
        Bound[address] = (IPEndPoint)socket.LocalEndPoint!;
        return socket;
    }
}
