using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Kipuka.Config.Binding;

/// <summary>
/// Addresses to listen on: <c>0.0.0.0:8443</c>, <c>[::]:8443</c>, <c>localhost:8443</c>. Other names are not resolved: what one listens on
/// must not depend on a name server. The platform's parser is not used, as it reads <c>8443</c> as an address.
/// </summary>
internal static class EndPoints
{
    public static bool TryParse(string text, out IPEndPoint endPoint, out string problem)
    {
        endPoint = new IPEndPoint(IPAddress.None, 0);
        problem = "must be an address and a port, such as 0.0.0.0:8443 or [::]:8443";
        var colon = text.LastIndexOf(':');
        if (colon < 0) return false;
        var host = text[..colon];
        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            problem = "must end in a colon and a port from 0 to 65535";
            return false;
        }

        if (host == "localhost") host = "127.0.0.1";
        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (host.Contains(':') && !bracketed)
        {
            problem = "is an IPv6 address without brackets; write [address]:port";
            return false;
        }

        var numeric = bracketed ? host.Contains(':') : host.Count(c => c == '.') == 3;
        if (!numeric || !IPAddress.TryParse(bracketed ? host[1..^1] : host, out var address)
            || address.AddressFamily != (bracketed ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork))
        {
            problem = host.Length is 0 ? "has no address before the port; write 0.0.0.0 for all"
                : "needs an IP address before the port: names are not resolved, and 0.0.0.0 stands for all";
            return false;
        }

        endPoint = new IPEndPoint(address, port);
        return true;
    }
}
