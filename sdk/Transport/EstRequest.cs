using System.Net;

namespace Kipuka.Sdk.Transport;

/// <summary>The operations of RFC 7030 section 3.2.2, and renewal information.</summary>
public enum EstOperation
{
    /// <summary>GET <c>/cacerts</c>, section 4.1.</summary>
    CaCerts,

    /// <summary>GET <c>/csrattrs</c>, section 4.5.</summary>
    CsrAttrs,

    /// <summary>POST <c>/simpleenroll</c>, section 4.2.1.</summary>
    SimpleEnroll,

    /// <summary>POST <c>/simplereenroll</c>, section 4.2.2.</summary>
    SimpleReEnroll,

    /// <summary>POST <c>/fullcmc</c>, section 4.3. The body is a CMS ContentInfo.</summary>
    FullCmc,

    /// <summary>POST <c>/serverkeygen</c>, section 4.4.</summary>
    ServerKeyGen,

    /// <summary>GET <c>/renewal-info/{certificate}</c>: when to renew (draft-ietf-lamps-est-renewal-info); the certificate is <see cref="EstRequest.Argument"/>.</summary>
    RenewalInfo,
}

/// <summary>The body of a request, unwrapped.</summary>
public abstract record EstBody
{
    private EstBody()
    {
    }

    /// <summary>There is none.</summary>
    public sealed record None : EstBody;

    /// <summary>DER, whatever it was wrapped in.</summary>
    public sealed record Der(ReadOnlyMemory<byte> Bytes) : EstBody;

    /// <summary>The wrapping is broken. Answered after authentication, with the reason.</summary>
    public sealed record Undecodable(string Reason) : EstBody;
}

/// <summary>One EST request.</summary>
/// <param name="Operation">What is asked.</param>
/// <param name="Label">The label of the path, as sent after percent-decoding; null for the unlabelled path.</param>
/// <param name="Body">The request's body.</param>
/// <param name="Peer">Who is on the other side.</param>
public sealed record EstRequest(EstOperation Operation, string? Label, EstBody Body, Peer Peer)
{
    /// <summary>The path's segment after the operation, as sent after percent-decoding; null where the operation has none.</summary>
    public string? Argument { get; init; }

    /// <summary>The operation and the label; never the body.</summary>
    public override string ToString() => Label is null ? $"{Operation}" : $"{Operation} {Label}";
}

/// <summary>What the connection says about the peer. Nothing in it is judged yet.</summary>
/// <param name="Address">The peer's address.</param>
/// <param name="Certificates">
/// The certificates of the TLS handshake, DER, leaf first; empty when none was presented. Possession of the leaf's key is proven.
/// </param>
public sealed record Peer(IPEndPoint Address, IReadOnlyList<ReadOnlyMemory<byte>> Certificates)
{
    private static long connections;

    /// <summary>
    /// The connection, for methods that take several requests on one (<see cref="Auth.AuthenticationResult.Continue"/>); 0 where the transport
    /// has no connections or cannot keep one open for a further request. Requests of one connection come one after the other.
    /// </summary>
    public long Connection { get; init; }

    /// <summary>The credential of the <c>Authorization</c> header; null when there is none.</summary>
    public Credential? Credential { get; init; }

    /// <summary>The channel binding: tls-unique below TLS 1.3, tls-exporter (RFC 9266) from there; empty when it cannot be had.</summary>
    public ReadOnlyMemory<byte> ChannelBinding { get; init; }

    /// <summary>Whether the connection is TLS 1.3, which decides what <see cref="ChannelBinding"/> is.</summary>
    public bool IsTls13 { get; init; }

    /// <summary>
    /// A number for a new <see cref="Connection"/>, which no other connection of this process has or had: of no other transport, and of none
    /// before a reload.
    /// </summary>
    public static long NextConnection() => Interlocked.Increment(ref connections);

    /// <summary>The address; never the credential.</summary>
    public override string ToString() => Address.ToString();
}

/// <summary>A credential as sent.</summary>
/// <param name="Scheme">The scheme, such as <c>Basic</c>; compared without regard to case.</param>
/// <param name="Value">Everything after the scheme and its space, undecoded, at most 16 KiB.</param>
public sealed record Credential(string Scheme, Secret Value);
