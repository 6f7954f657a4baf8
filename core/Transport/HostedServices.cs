using Kipuka.Sdk.Transport;

namespace Kipuka.Transport;

/// <summary>What the host lends to transports.</summary>
/// <param name="est">The EST service.</param>
/// <param name="sockets">The listening sockets.</param>
/// <param name="carried">
/// What else a transport may carry, under the one type it is asked for by, made when it is asked for. The container itself stays closed to plugins.
/// </param>
internal sealed class HostedServices(IEstService est, IListeningSockets sockets, IReadOnlyDictionary<Type, Func<object?>> carried) : TransportServices
{
    public override IEstService Est => est;

    public override IListeningSockets Sockets => sockets;

    public override T? Find<T>()
        where T : class => carried.GetValueOrDefault(typeof(T))?.Invoke() as T;
}
