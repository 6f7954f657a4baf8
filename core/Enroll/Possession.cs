using System.Text;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk.Transport;

namespace Kipuka.Enroll;

/// <summary>Parses a request and proves that its sender holds the key, on this very connection (RFC 7030 sections 3.4 and 3.5, ruling 36).</summary>
internal sealed class Possession(string channelBinding)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(60);

    public (ProvenRequest? Proven, Refusal? Refusal) Prove(EstBody body, Peer peer, bool requirePossession)
    {
        if (body is not EstBody.Der der)
        {
            var reason = body is EstBody.Undecodable broken ? broken.Reason : "the request has no body";
            return (null, new Refusal(RefusalKind.Malformed, "undecodable", reason));
        }
        try
        {
            var request = CertificationRequest.Parse(der.Bytes);
            var proven = ProvenRequest.Prove(request, requirePossession);
            return CheckBinding(request, peer) is { } refusal ? (null, refusal) : (proven, null);
        }
        catch (MalformedException malformed)
        {
            return (null, new Refusal(RefusalKind.Malformed, "malformed", malformed.Message));
        }
        catch (PossessionException unproven)
        {
            return (null, new Refusal(RefusalKind.Unproven, "possession", unproven.Message));
        }
    }

    private Refusal? CheckBinding(CertificationRequest request, Peer peer)
    {
        if (channelBinding == "off")
        {
            return null;
        }
        var claimed = request.EstIdentityLinking ?? request.ChallengePassword;
        if (claimed is null || !(LooksLikeBinding(claimed, peer.IsTls13) || channelBinding == "required"))
        {
            return channelBinding == "required"
                ? new Refusal(
                    RefusalKind.Unproven, "binding-required",
                    "channel_binding is required: the request carries no tls-unique or tls-exporter value (RFC 7030 section 3.5)")
                : null;
        }
        if (peer.ChannelBinding.IsEmpty)
        {
            return new Refusal(
                RefusalKind.Unavailable, "binding-unavailable", "the request is bound to its connection, which cannot be verified here",
                Pause);
        }
        var expected = Encoding.ASCII.GetBytes(Convert.ToBase64String(peer.ChannelBinding.Span));
        return System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(claimed))
            ? null
            : new Refusal(RefusalKind.Unproven, "binding-mismatch", "the request is bound to another connection (RFC 7030 section 3.5)");
    }

    // Other lengths are ordinary challenge passwords, which mean nothing here.
    private static bool LooksLikeBinding(string text, bool tls13)
    {
        var length = tls13 ? text.Length == 44 : text.Length is 16 or 48;
        return length && Convert.TryFromBase64String(text, new byte[48], out _);
    }
}
