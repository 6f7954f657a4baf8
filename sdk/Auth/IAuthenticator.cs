using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk.Transport;

namespace Kipuka.Sdk.Auth;

/// <summary>Proves who a peer is. It does not decide what the peer may have: that is the label's policy.</summary>
public interface IAuthenticator : IAsyncDisposable
{
    /// <summary>Looks at what the peer presents. Called before any byte of the request's body is parsed.</summary>
    /// <remarks>
    /// The host calls a label's authenticators in their configured order; the first <see cref="AuthenticationResult.Accepted"/> decides, and
    /// a <see cref="AuthenticationResult.Rejected"/> with <c>Forbidden</c> or a <see cref="AuthenticationResult.Continue"/> ends the chain. A credential
    /// of another method is <see cref="AuthenticationResult.NotMine"/>; whatever bytes a client sends as this one's are an answer, never an exception. A one-time
    /// credential without a use left is still accepted (<see cref="IOneTimeCredential.IsExhausted"/>). A fault (a database, a KDC) is an exception and is answered as 503, never as success. The
    /// call must end within 10 seconds.
    /// </remarks>
    ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancel);
}

/// <summary>What an authenticator may look at.</summary>
/// <param name="Operation">The EST operation.</param>
/// <param name="Label">The label of the path; null for the unlabelled one.</param>
/// <param name="Peer">The connection's evidence. The credential is disposed by the host after the request.</param>
public sealed record AuthenticationRequest(EstOperation Operation, string? Label, Peer Peer)
{
    /// <summary>The label's own trust anchors for client certificates; null where the label has none and the method's own hold.</summary>
    public IReadOnlyList<X509Certificate2>? TrustAnchors { get; init; }

    /// <summary>How long after its end a client certificate is still accepted here (renewal of devices that slept); usually zero.</summary>
    public TimeSpan ExpiredGrace { get; init; }
}
