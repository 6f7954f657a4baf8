using Kipuka.Sdk.Transport;

namespace Kipuka.Sdk.Tck;

/// <summary>What the suite of the kind <c>transport</c> can be told.</summary>
public sealed record TransportOptions : TckOptions
{
    /// <summary>
    /// Speaks the transport's protocol, such as <see cref="HttpsTransportClient"/>. Without it, only what happens before a connection can be checked.
    /// Of several sockets that a transport acquires it is given the first one's address: let the settings say <c>127.0.0.1:0</c>.
    /// </summary>
    public TransportClient? Client { get; init; }

    /// <summary>The operations that the protocol carries.</summary>
    public IReadOnlyList<EstOperation> Operations { get; init; } =
        [EstOperation.CaCerts, EstOperation.CsrAttrs, EstOperation.SimpleEnroll, EstOperation.SimpleReEnroll, EstOperation.ServerKeyGen];
}
