using System.Net;

namespace Kipuka.Sdk.Tck;

/// <summary>A client of a transport's protocol. Members are called concurrently.</summary>
public abstract class TransportClient
{
    /// <summary>Whether <see cref="SendAndCutAsync"/> means something in this protocol.</summary>
    public virtual bool CanCut => false;

    /// <summary>Sends one request, over a connection of its own where there are connections, and waits for the answer.</summary>
    /// <exception cref="Exception">The server could not be reached, or there was no answer.</exception>
    public abstract Task<TransportAnswer> SendAsync(IPEndPoint server, TransportRequest request, CancellationToken cancel);

    /// <summary>Sends one request and, when <paramref name="cut"/> completes, breaks the connection so that the server learns of it (a TCP reset).</summary>
    public virtual Task SendAndCutAsync(IPEndPoint server, TransportRequest request, Task cut, CancellationToken cancel)
        => throw new NotSupportedException("This client cannot break a connection.");
}
