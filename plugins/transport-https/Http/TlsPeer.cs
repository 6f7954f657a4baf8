using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Kipuka.Plugins.TransportHttps.Tls;
using Kipuka.Sdk;
using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.TransportHttps.Http;

/// <summary>What a connection says about its peer, found out once. Requests of a connection run one after the other.</summary>
internal sealed class TlsPeer
{
    private readonly SslStream stream;
    private readonly bool hasExporter;
    private readonly Peer peer;
    private ReadOnlyMemory<byte>? binding;

    public TlsPeer(SslStream stream, IPEndPoint remote, ReadOnlyMemory<byte>[] certificates, bool carriesEst, bool carriesAdmin, bool hasExporter)
    {
        this.stream = stream;
        this.hasExporter = hasExporter;
        (CarriesEst, CarriesAdmin) = (carriesEst, carriesAdmin);
        peer = new(Unmapped(remote), certificates) { IsTls13 = stream.SslProtocol == SslProtocols.Tls13, Connection = Peer.NextConnection() };
    }

    public bool CarriesEst { get; }

    public bool CarriesAdmin { get; }

    public bool HasCertificate => peer.Certificates.Count > 0;

    public Peer For(Credential? credential, bool withBinding) => credential is null && !withBinding
        ? peer
        : peer with { Credential = credential, ChannelBinding = withBinding ? binding ??= ChannelBinding.Of(stream, peer.IsTls13, hasExporter) : default };

    public static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static IPEndPoint Unmapped(IPEndPoint remote)
        => remote.Address.IsIPv4MappedToIPv6 ? new(remote.Address.MapToIPv4(), remote.Port) : remote;
}
