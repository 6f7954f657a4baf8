using Kipuka.Pki;
using Kipuka.Pki.Cmc;
using Kipuka.Policy;
using Kipuka.Sdk.Transport;

namespace Kipuka.Enroll.Cmc;

/// <summary>Reads the requests of a message and settles, for each, that its sender holds the key.</summary>
internal sealed class InnerRequests(Possession possession, Statements statements, LabelPolicy policy, Asker asker, Peer peer, DateTimeOffset now)
{
    /// <summary>One for each request, in the message's order: proven, or why not.</summary>
    public async Task<IReadOnlyList<(uint Part, ProvenRequest? Proven, PartOutcome? Failure)>> ProveAsync(FullRequest message, CancellationToken cancel)
    {
        var requests = message.Data.Requests;
        // RFC 5272 section 3.2.1: what is not understood stops all the others.
        if (requests.Any(request => request.Kind == TaggedRequestKind.Other))
        {
            return [.. requests.Select(request => (request.BodyPart, (ProvenRequest?)null, (PartOutcome?)NotProcessed(request)))];
        }
        var attested = message.Orders.Witnesses.SelectMany(witness => witness.Requests).ToHashSet();
        List<(uint Part, ProvenRequest? Proven, PartOutcome? Failure)> read = [];
        foreach (var request in requests)
        {
            read.Add(await ProveAsync(request, attested.Contains(request.BodyPart), cancel));
        }
        // Section 6.7: without one possession that is required, none of the requests is answered.
        return read.Exists(one => one.Failure?.Status.Failure == CmcFailure.PopRequired)
            ? [.. read.Select(one => one with { Proven = null, Failure = one.Failure ?? Withheld(one.Part) })]
            : read;
    }

    private async Task<(uint Part, ProvenRequest? Proven, PartOutcome? Failure)> ProveAsync(TaggedRequest request, bool attested, CancellationToken cancel)
    {
        try
        {
            return request.Kind == TaggedRequestKind.Pkcs10
                ? await ProveAsync(request.BodyPart, CertificationRequest.Parse(request.Value), attested, cancel)
                : Prove(request.BodyPart, CertificateMessage.Parse(request.Value, now), attested);
        }
        catch (MalformedException malformed)
        {
            return (request.BodyPart, null, PartOutcome.Failed(CmcFailure.BadRequest, malformed.Message, request.BodyPart));
        }
        catch (PossessionException unproven)
        {
            return (request.BodyPart, null, PartOutcome.Failed(CmcFailure.PopFailed, unproven.Message, request.BodyPart));
        }
    }

    private async Task<(uint, ProvenRequest?, PartOutcome?)> ProveAsync(uint part, CertificationRequest request, bool attested, CancellationToken cancel)
    {
        var proven = attested ? ProvenRequest.Attested(request)
            : request.PossessionStatement is { } statement ? await statements.ProveAsync(request, statement, asker.Requester, cancel)
            : ProvenRequest.Prove(request, policy.RequiresPossession);
        // What a device bound to its own connection reached its RA there, and not us here.
        return !asker.Requester.IsRa && possession.CheckBinding(request, peer) is { } unbound
            ? (part, null, PartOutcome.Refused(unbound, part))
            : (part, proven, null);
    }

    private (uint, ProvenRequest?, PartOutcome?) Prove(uint part, CertificateMessage request, bool attested)
    {
        if (!asker.Requester.IsRa && possession.BindingRequired)
        {
            return (part, null, PartOutcome.Failed(
                CmcFailure.PopFailed, "channel_binding is required, and a CRMF request carries none; send a PKCS#10", part));
        }
        if (asker.IsRenewal && request.Controls.OldCertificate is { } old && !old.Names(asker.Requester.Certificate!))
        {
            return (part, null, PartOutcome.Failed(CmcFailure.BadCertId, "oldCertID is not the certificate that asks", part));
        }
        return request.Possession switch
        {
            _ when attested => (part, ProvenRequest.Attested(request), null),
            CrmfPossession.RaVerified when asker.Requester.IsRa => (part, ProvenRequest.Attested(request), null),
            CrmfPossession.RaVerified => (part, null, PartOutcome.Failed(CmcFailure.PopFailed, "only a registration authority may say raVerified", part)),
            CrmfPossession.Absent when policy.RequiresPossession => (part, null, PartOutcome.Failed(
                CmcFailure.PopRequired, "the CRMF request proves no possession of its key: sign it", part)),
            _ => (part, ProvenRequest.Prove(request, policy.RequiresPossession), null),
        };
    }

    private static PartOutcome NotProcessed(TaggedRequest request) => request.Kind == TaggedRequestKind.Other
        ? new PartOutcome(CmcStatusInfo.NoSupport("requests are PKCS#10 or CRMF", request.BodyPart), RefusalKind.Malformed)
        : PartOutcome.Failed(
            CmcFailure.BadRequest, "not processed: the message holds a request of a kind that is not understood (RFC 5272 3.2.1)", request.BodyPart);

    private static PartOutcome Withheld(uint part) => PartOutcome.Failed(
        CmcFailure.PopRequired, "not processed: another request of the message lacks its proof of possession (RFC 5272 6.7)", part);
}
