using Kipuka.Sdk.Transport;

namespace Kipuka.Transport;

/// <summary>What the host lends to transports. What else one may carry (the admin application) is found in the container by its type.</summary>
internal sealed class HostedServices(IEstService est, IListeningSockets sockets, IServiceProvider services) : TransportServices
{
    public override IEstService Est => est;

    public override IListeningSockets Sockets => sockets;

    public override T? Find<T>()
        where T : class => services.GetService(typeof(T)) as T;
}
