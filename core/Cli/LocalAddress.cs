using System.Net;
using System.Net.Sockets;

namespace Kipuka.Cli;

/// <summary>Listeners, seen from the machine they are on.</summary>
internal static class LocalAddress
{
    /// <summary>The address of a listener as a client on the same machine reaches it.</summary>
    public static Uri Reachable(IPEndPoint listen)
    {
        var address = listen.Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : listen.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : listen.Address;
        return new Uri($"https://{new IPEndPoint(address, listen.Port)}/");
    }

    /// <summary>Why nothing can listen there; null when something can.</summary>
    public static string? Refusal(IPEndPoint listen)
    {
        try
        {
            using var listener = new TcpListener(listen);
            listener.Start();
            return null;
        }
        catch (SocketException fault)
        {
            return fault.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"port {listen.Port} of {listen.Address} is taken by another program",
                SocketError.AccessDenied => $"port {listen.Port} of {listen.Address} needs more rights than this user has",
                _ => $"nothing can listen on {listen}: {fault.Message}",
            };
        }
    }
}
