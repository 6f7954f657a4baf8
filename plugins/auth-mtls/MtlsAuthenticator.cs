using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk;
using Kipuka.Sdk.Auth;
using Kipuka.Sdk.Transport;
using Microsoft.Extensions.Logging;

namespace Kipuka.Plugins.AuthMtls;

/// <summary>Judges the certificate of the TLS handshake. Whether it was revoked is the host's question, which owns the ledger.</summary>
internal sealed class MtlsAuthenticator(MtlsSettings settings, IReadOnlyList<X509Certificate2> anchors, IPluginHost host) : IAuthenticator
{
    private readonly IssuerCache cache = new();
    private volatile bool disposed;

    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancel)
        => ValueTask.FromResult(Authenticate(request));

    public ValueTask DisposeAsync()
    {
        disposed = true;
        cache.Dispose();
        foreach (var anchor in anchors)
        {
            anchor.Dispose();
        }
        return ValueTask.CompletedTask;
    }

    private AuthenticationResult Authenticate(AuthenticationRequest request)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (settings.Mode == ClientAuthMode.None)
        {
            return new AuthenticationResult.NotMine();
        }
        var required = settings.Mode == ClientAuthMode.Required
            || (settings.Mode == ClientAuthMode.RequiredForReenroll && request.Operation == EstOperation.SimpleReEnroll);
        if (request.Peer.Certificates.Count == 0)
        {
            return required ? Rejected("a client certificate is required") : new AuthenticationResult.NotMine();
        }
        return Judge(request, out var reason) is { } identity ? new AuthenticationResult.Accepted(identity) : Rejected(reason);

        // Where a certificate is required no other method may stand in for it. Elsewhere one that proves nothing counts as not presented.
        AuthenticationResult.Rejected Rejected(string why) => new(why) { Forbidden = required };
    }

    private Identity? Judge(AuthenticationRequest request, out string reason)
    {
        var presented = request.Peer.Certificates;
        var trusted = request.TrustAnchors ?? anchors;
        if (PeerChain.IsTooLarge(presented))
        {
            reason = "the client sent too many or too large certificates";
            return null;
        }
        try
        {
            using var peer = PeerChain.Read(presented, trusted, cache);
            var now = host.Clock.GetUtcNow();
            reason = LeafRules.Refusal(peer.Leaf, now, request.ExpiredGrace, settings.RequireClientAuthEku)
                ?? ChainJudge.Refusal(peer, trusted, now, cache)
                ?? "";
            return reason.Length == 0 ? Describe(peer.Leaf, presented[0]) : null;
        }
        catch (Exception fault) when (fault is CryptographicException or AsnContentException)
        {
            // Malformed on the client's side. The details go to the operator, not to the client.
            host.Logger.LogInformation(fault, "A client certificate from {Address} cannot be read", request.Peer.Address);
            reason = "the client certificate cannot be read";
            return null;
        }
    }

    private static Identity Describe(X509Certificate2 leaf, ReadOnlyMemory<byte> der)
    {
        var serial = leaf.SerialNumber.ToLowerInvariant();
        var subject = SubjectText.Of(leaf.SubjectName);
        return new Identity("mtls", Convert.ToHexStringLower(SHA256.HashData(der.Span)), subject.Length > 0 ? subject : $"serial={serial}")
        {
            Certificate = der,
            Facts = new Dictionary<string, string> { ["serial"] = serial, ["issuer"] = SubjectText.Of(leaf.IssuerName) },
        };
    }
}
