using System.Text;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk.Transport;

namespace Kipuka.Enroll;

/// <summary>Parses a request and proves that its sender holds the key, on this very connection (RFC 7030 sections 3.4 and 3.5, ruling 36).</summary>
internal sealed class Possession(string channelBinding, IKeyDelivery? keys)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(60);

    /// <summary>Whether every request has to be bound to its connection.</summary>
    public bool BindingRequired => channelBinding == "required";

    /// <param name="submission">What was sent.</param>
    /// <param name="peer">The connection.</param>
    /// <param name="requester">Who sent it.</param>
    /// <param name="requirePossession">Whether the label demands proof.</param>
    /// <param name="statements">For keys that cannot sign.</param>
    /// <param name="cancel">The client has gone.</param>
    public async Task<(Reading? Reading, Refusal? Refusal)> ReadAsync(
        Submission submission, Peer peer, Requester requester, bool requirePossession, Statements statements, CancellationToken cancel)
    {
        try
        {
            return submission switch
            {
                Submission.Inner inner => (new Reading(inner.Proven, null), null),
                Submission.Pkcs10 { Body: EstBody.Der der, WantsKey: false } => CertificationRequest.Parse(der.Bytes) switch
                {
                    { PossessionStatement: { } statement } request => Bound(await statements.ProveAsync(request, statement, requester, cancel), request, peer),
                    var request => Bound(ProvenRequest.Prove(request, requirePossession), request, peer),
                },
                Submission.Pkcs10 { Body: EstBody.Der der } => PlanKey(CertificationRequest.Parse(der.Bytes), peer, requester),
                Submission.Pkcs10 { Body: EstBody.Undecodable broken } => Undecodable(broken.Reason),
                _ => Undecodable("the request has no body"),
            };
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

    /// <summary>Whether a request that claims to be bound to its connection is bound to this one; null when there is nothing against it.</summary>
    public Refusal? CheckBinding(CertificationRequest request, Peer peer)
    {
        if (channelBinding == "off")
        {
            return null;
        }
        var claimed = request.EstIdentityLinking ?? request.ChallengePassword;
        // An estIdentityLinking can mean nothing else (RFC 7894 section 3.3); a challengePassword can.
        var isMeant = request.EstIdentityLinking is not null || channelBinding == "required" || (claimed is not null && LooksLikeBinding(claimed, peer.IsTls13));
        if (claimed is null || !isMeant)
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

    private static (Reading? Reading, Refusal? Refusal) Undecodable(string reason)
        => (null, new Refusal(RefusalKind.Malformed, "undecodable", reason));

    private (Reading? Reading, Refusal? Refusal) Bound(ProvenRequest proven, CertificationRequest request, Peer peer)
        => CheckBinding(request, peer) is { } refusal ? (null, refusal) : (new Reading(proven, null), null);

    private (Reading? Reading, Refusal? Refusal) PlanKey(CertificationRequest request, Peer peer, Requester requester)
    {
        if (CheckBinding(request, peer) is { } unbound)
        {
            return (null, unbound);
        }
        var (plan, refusal) = keys!.Plan(request, requester);
        return plan is null ? (null, refusal) : (new Reading(ProvenRequest.ForServerKey(request), plan), null);
    }

    // Other lengths are ordinary challenge passwords, which mean nothing here.
    private static bool LooksLikeBinding(string text, bool tls13)
    {
        var length = tls13 ? text.Length == 44 : text.Length is 16 or 48;
        return length && Convert.TryFromBase64String(text, new byte[48], out _);
    }
}

/// <summary>A request, read and proven.</summary>
/// <param name="Proven">What policy judges. For a key that is yet to be made, with the key that came in the request.</param>
/// <param name="Key">The key to make; null when the sender has one.</param>
internal sealed record Reading(ProvenRequest Proven, KeyPlan? Key);
