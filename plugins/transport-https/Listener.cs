using System.Collections.Frozen;
using System.Net;
using System.Net.Security;
using Kipuka.Plugins.TransportHttps.Http;
using Kipuka.Plugins.TransportHttps.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Kipuka.Plugins.TransportHttps;

/// <summary>One address, how it speaks TLS, and what it carries.</summary>
internal sealed class Listener(IPEndPoint address, SslServerAuthenticationOptions tls, PresentedChains chains, FrozenSet<TlsCipherSuite> suites)
{
    public IPEndPoint Address => address;

    public SslServerAuthenticationOptions Tls => tls;

    public bool CarriesEst { get; init; }

    public bool CarriesAdmin { get; init; }

    /// <summary>Where set, only connections to this local address reach the admin application (ruling 2).</summary>
    public IPAddress? OnlyAdminAt { get; init; }

    public bool HasExporter { get; init; }

    /// <summary>Notes what a new connection says about its peer; false when it must not be served.</summary>
    public bool Admit(ConnectionContext connection, ILogger logger)
    {
        var stream = connection.Features.GetRequiredFeature<ISslStreamFeature>().SslStream;
        if (!suites.Contains(stream.NegotiatedCipherSuite))
        {
            // Cannot happen while the SSL_CTX holds our list; without this line nothing would tell when it does not.
            logger.LogError("A connection negotiated {Suite}, which cipher_suites does not allow; it was closed", stream.NegotiatedCipherSuite);
            return false;
        }
        if (connection.RemoteEndPoint is not IPEndPoint remote || connection.LocalEndPoint is not IPEndPoint local)
        {
            return false;
        }
        var admin = CarriesAdmin && (OnlyAdminAt is null || OnlyAdminAt.Equals(TlsPeer.Unmapped(local.Address)));
        connection.Features.Set(new TlsPeer(stream, remote, chains.Of(stream), CarriesEst, admin, HasExporter));
        return true;
    }
}
