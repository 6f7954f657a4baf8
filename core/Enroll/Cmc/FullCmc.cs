using System.Security.Cryptography;
using Kipuka.Audit;
using Kipuka.Auth;
using Kipuka.Pki;
using Kipuka.Pki.Cmc;
using Kipuka.Policy;
using Kipuka.Sdk.Transport;
using Microsoft.Extensions.Logging;

namespace Kipuka.Enroll.Cmc;

/// <summary>
/// Full CMC (RFC 7030 section 4.3, ruling 43): reads a message, finds who asks, sends each request through <see cref="EnrollPipeline"/> as a transaction of
/// its own, follows the controls, and answers with one signed message.
/// </summary>
internal sealed class FullCmc(
    Askers askers, CertificateControls controls, Possession possession, Statements statements, MessageSigner signer, TimeProvider clock, ILogger log) : IDisposable
{
    private const int NonceBytes = 16;

    public async Task<CmcAnswer> AnswerAsync(CmcLabel label, EstRequest request, RequestTrail trail, CancellationToken cancel)
    {
        var connection = await askers.AdmitConnectionAsync(label, request, trail, cancel);
        if (connection is AuthOutcome.Denied denied)
        {
            return new CmcAnswer.Plain(denied.Refusal, denied.Challenges);
        }
        FullRequest message;
        try
        {
            message = FullRequest.Parse(request.Body);
        }
        catch (MalformedException malformed)
        {
            return new CmcAnswer.Plain(new Refusal(RefusalKind.Malformed, "malformed", malformed.Message), []);
        }

        // From here on whatever happens is said in a signed message (RFC 7030 section 4.3.2).
        List<PartOutcome> outcomes = [];
        IReadOnlyList<string> challenges = [];
        try
        {
            (var asker, var failure, challenges) = await askers.FindAsync(label, request, message, connection, trail, cancel);
            if (asker is null)
            {
                outcomes.Add(Noted(trail, failure!));
            }
            else if (Forbidden(message, asker) is { Count: > 0 } fatal)
            {
                outcomes.AddRange(fatal.Select(one => Noted(trail, one)));
            }
            else
            {
                await WorkAsync(label, request, message, asker, trail, outcomes, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault)
        {
            var reference = Guid.NewGuid().ToString("N")[..12];
            log.LogError(fault, "{Operation} failed, reference {Reference}: {Reason}", request, reference, fault.Message);
            var internalFault = new Refusal(RefusalKind.Fault, "internal", $"the server failed; reference {reference}");
            outcomes.Add(Noted(trail, PartOutcome.Refused(internalFault, BodyParts.Message)));
        }
        return Compose(message.Orders, outcomes, challenges);
    }

    public void Dispose() => signer.Dispose();

    private static PartOutcome Noted(RequestTrail trail, PartOutcome failure)
    {
        trail.Add("enroll.failure", false, new Dictionary<string, string>
        {
            ["operation"] = "fullcmc",
            ["code"] = failure.Status.Failure?.ToString() ?? failure.Status.Status.ToString(),
            ["reason"] = failure.Status.Text ?? "",
        });
        if (failure.Status.Failure is CmcFailure.PopFailed or CmcFailure.BadMessageCheck)
        {
            trail.AddViolation(failure.Status.Failure.Value.ToString(), failure.Status.Text ?? "");
        }
        return failure;
    }

    // What fails the whole message before any of it is done (RFC 5272 sections 3.2.1.1 and 6.8).
    private static List<PartOutcome> Forbidden(FullRequest message, Asker asker)
    {
        List<PartOutcome> fatal = [.. message.Orders.Fatal.Select(status => new PartOutcome(status, RefusalKind.Malformed))];
        if (!asker.Requester.IsRa)
        {
            fatal.AddRange(message.Orders.Witnesses.Select(witness => PartOutcome.Failed(
                CmcFailure.PopFailed, "only a registration authority may vouch for possession (lraPOPWitness)", [witness.BodyPart, .. witness.Requests])));
        }
        return fatal;
    }

    private async Task WorkAsync(
        CmcLabel label, EstRequest request, FullRequest message, Asker asker, RequestTrail trail, List<PartOutcome> outcomes, CancellationToken cancel)
    {
        var inner = new InnerRequests(possession, statements, label.Policy, asker, request.Peer, clock.GetUtcNow());
        foreach (var (part, proven, failure) in await inner.ProveAsync(message, cancel))
        {
            outcomes.Add(failure is not null ? Noted(trail, failure) : await EnrollAsync(label, request, part, proven!, asker, trail, cancel));
        }
        var orders = message.Orders;
        outcomes.AddRange(orders.Unserved.Select(status => new PartOutcome(status, RefusalKind.Malformed)));
        foreach (var (part, name) in orders.Lookups)
        {
            outcomes.Add(await controls.FindAsync(label, part, name, cancel));
        }
        foreach (var (part, name) in orders.Confirmations)
        {
            outcomes.Add(await controls.AcceptAsync(label, part, name, cancel));
        }
        // Last: whoever replaces a certificate and revokes it in one message is not cut off in between.
        foreach (var revocation in orders.Revocations)
        {
            outcomes.Add(await controls.RevokeAsync(label, revocation, asker, trail));
        }
    }

    private async Task<PartOutcome> EnrollAsync(
        CmcLabel label, EstRequest request, uint part, ProvenRequest proven, Asker asker, RequestTrail trail, CancellationToken cancel)
    {
        var ask = new EnrollRequest(
            EstOperation.FullCmc, asker.IsRenewal, new Submission.Inner(proven), request.Peer, asker.Requester, asker.Credential, label.Policy, label.Group, trail);
        return await label.Pipeline.RunAsync(ask, cancel) switch
        {
            EnrollOutcome.Issued issued => new PartOutcome(CmcStatusInfo.Success(part)) { Certificate = issued.Certificate, Transaction = issued.Transaction },
            EnrollOutcome.Pending pending => new PartOutcome(new CmcStatusInfo(CmcStatus.Pending, [part])
            {
                Text = "not decided yet: send the same request again",
                Pending = new CmcPending(pending.Transaction.ToByteArray(), clock.GetUtcNow() + pending.RetryAfter),
            })
            { RetryAfter = pending.RetryAfter },
            EnrollOutcome.Refused refused => PartOutcome.Refused(refused.Refusal, part),
            var other => throw new InvalidOperationException($"{other} is no outcome that is known."),
        };
    }

    private CmcAnswer.Full Compose(RequestOrders orders, List<PartOutcome> outcomes, IReadOnlyList<string> challenges)
    {
        var response = new PkiResponse(Statuses(outcomes))
        {
            TransactionId = orders.TransactionId,
            RecipientNonce = orders.SenderNonce,
            SenderNonce = orders.SenderNonce is null ? default(ReadOnlyMemory<byte>?) : RandomNumberGenerator.GetBytes(NonceBytes),
            DataReturn = orders.DataReturn,
        };
        var certificates = outcomes.Where(outcome => !outcome.Certificate.IsEmpty).Select(outcome => outcome.Certificate).ToList();
        var bytes = signer.Sign(CmcOids.PkiResponse, response.Encode(), clock.GetUtcNow(), certificates);
        return new CmcAnswer.Full(
            OutcomeOf(outcomes),
            bytes,
            outcomes.Max(outcome => outcome.RetryAfter),
            [.. outcomes.Where(outcome => outcome.Transaction is not null).Select(outcome => outcome.Transaction!.Value)],
            challenges);
    }

    // One status for all that succeeded, and one for each part that did not.
    private static List<CmcStatusInfo> Statuses(List<PartOutcome> outcomes)
    {
        var done = outcomes.Where(outcome => outcome.Status.Status == CmcStatus.Success).SelectMany(outcome => outcome.Status.BodyParts).ToList();
        var rest = outcomes.Where(outcome => outcome.Status.Status != CmcStatus.Success).Select(outcome => outcome.Status);
        return outcomes.Count == 0 ? [CmcStatusInfo.Success(BodyParts.Message)] : [.. done.Count > 0 ? [CmcStatusInfo.Success(done)] : (CmcStatusInfo[])[], .. rest];
    }

    // A result, or a part of one, is 200; where everything waits, 202; else the client's fault before ours, which may pass.
    private static CmcOutcome OutcomeOf(List<PartOutcome> outcomes)
    {
        if (outcomes.Count == 0 || outcomes.Exists(outcome => outcome.Status.Status == CmcStatus.Success))
        {
            return new CmcOutcome(IsPending: false, null);
        }
        if (outcomes.Exists(outcome => outcome.Status.Status == CmcStatus.Pending))
        {
            return new CmcOutcome(IsPending: true, null);
        }
        return new CmcOutcome(IsPending: false, (outcomes.Find(IsTheClients) ?? outcomes[0]).Kind);
    }

    private static bool IsTheClients(PartOutcome outcome) => outcome.Kind is not (RefusalKind.Unavailable or RefusalKind.Fault);
}
