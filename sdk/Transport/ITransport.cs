namespace Kipuka.Sdk.Transport;

/// <summary>Carries EST over one protocol. Base64, multipart and CBOR belong to it; inside there is only DER.</summary>
/// <remarks>
/// A transport answers by itself, in this order: an unknown path (404), a wrong method (405), a body over the limit (413), a missing
/// (400) or wrong (415) content type. Everything else is the host's: it hands over an <see cref="EstRequest"/>, also when the body
/// cannot be decoded, because authentication comes first.
/// </remarks>
public interface ITransport : IAsyncDisposable
{
    /// <summary>Binds and accepts. Called once; completes when clients can connect.</summary>
    ValueTask ListenAsync(TransportServices services, CancellationToken cancel);

    /// <summary>
    /// Stops accepting, tells connected clients to go (<c>Connection: close</c>), and completes when the last request has been answered or
    /// <paramref name="cancel"/> is cancelled; then what is left is cut.
    /// </summary>
    ValueTask UnbindAsync(CancellationToken cancel);
}

/// <summary>What a transport may use. Outlives generations: one object for the life of the server.</summary>
public abstract class TransportServices
{
    /// <summary>The EST service.</summary>
    public abstract IEstService Est { get; }

    /// <summary>The listening sockets, which belong to the host.</summary>
    public abstract IListeningSockets Sockets { get; }

    /// <summary>Finds what else a transport may carry, by type; null when there is none. The admin application is found this way.</summary>
    public abstract T? Find<T>()
        where T : class;
}

/// <summary>The host's listening sockets. A reload hands the same port to the next transport without closing it.</summary>
public interface IListeningSockets
{
    /// <summary>A bound socket for the address; a duplicate that the transport owns and disposes. It calls <c>Listen</c> itself.</summary>
    /// <remarks>
    /// For hosts: the duplicate's descriptor has a number that no earlier duplicate of the socket had, and no close-on-exec flag. epoll keeps a closed
    /// descriptor while a duplicate lives, so .NET fails to register its number again and stops accepting without a word to clients; and with
    /// that flag .NET may disconnect, on closing one duplicate, the listening socket that all share.
    /// </remarks>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be bound.</exception>
    System.Net.Sockets.Socket Acquire(System.Net.IPEndPoint address, System.Net.Sockets.SocketType type);
}

/// <summary>The EST service of the host.</summary>
public interface IEstService
{
    /// <summary>Answers one request. Does not throw, except when cancelled: every failure is a response.</summary>
    /// <param name="request">The request. The caller disposes its credential after the answer.</param>
    /// <param name="cancel">The client has gone. What was begun is finished and kept for the client's repeat.</param>
    ValueTask<EstResponse> HandleAsync(EstRequest request, CancellationToken cancel);
}
