using System.Collections.Concurrent;
using Kipuka.Sdk.Transport;

namespace Kipuka.Sdk.Tck;

/// <summary>The server's side of a transport: an EST service that answers as a check wants.</summary>
internal sealed class TckServer : TransportServices, IEstService
{
    public TckSockets Listening { get; } = new();

    public ConcurrentQueue<EstRequest> Requests { get; } = new();

    public Func<EstRequest, CancellationToken, ValueTask<EstResponse>> Answer { get; set; }
        = static (_, _) => new(new EstResponse(EstStatus.Ok, EstContent.CertsOnly, new byte[] { 0x30, 0x00 }));

    public override IEstService Est => this;

    public override IListeningSockets Sockets => Listening;

    public override T? Find<T>()
        where T : class => null;

    public ValueTask<EstResponse> HandleAsync(EstRequest request, CancellationToken cancel)
    {
        Requests.Enqueue(request);
        return Answer(request, cancel);
    }
}
