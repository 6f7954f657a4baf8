using System.Collections.Frozen;
using Kipuka.Audit;
using Kipuka.Auth;
using Kipuka.Catalog;
using Kipuka.Enroll;
using Kipuka.Enroll.Cmc;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk.Transport;
using Kipuka.Store;
using Kipuka.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kipuka.Est;

/// <summary>Answers EST requests: resolves the label, authenticates, reads or enrolls. Every failure is a response.</summary>
internal sealed class EstService(
    Generations generations, Ledger ledger, SupersededCertificates superseded, RenewalInformation renewalInformation, Trail trails, Workers workers,
    TimeProvider clock, ILogger<EstService> log) : IEstService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private static readonly FrozenDictionary<EstOperation, string> Words =
        Enum.GetValues<EstOperation>().ToFrozenDictionary(operation => operation, operation => operation.ToString().ToLowerInvariant());

    public async ValueTask<EstResponse> HandleAsync(EstRequest request, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        using var span = Traces.Request(Words[request.Operation]);
        var status = "Cancelled";
        // A label that is not ours would make a series of every name that somebody tries.
        var label = "";
        try
        {
            var answer = await AnswerAsync(request, cancel);
            (status, label) = (answer.Status.ToString(), answer.Status == EstStatus.NotFound ? "" : request.Label ?? "");
            return answer;
        }
        finally
        {
            Metrics.Requests.Record(
                clock.GetElapsedTime(began).TotalSeconds, new("endpoint", Words[request.Operation]), new("label", label), new("status", status));
            span?.SetTag("label", label).SetTag("status", status);
        }
    }

    private async ValueTask<EstResponse> AnswerAsync(EstRequest request, CancellationToken cancel)
    {
        try
        {
            using var lease = generations.Enter();
            if (lease.Generation.Part<LabelTable>().Find(request.Label) is not { } label)
            {
                return Statuses.Answer(new Refusal(RefusalKind.NotFound, "unknown-label", "there is no such label"));
            }
            if (!label.Operations.Contains(request.Operation))
            {
                return Statuses.Answer(new Refusal(RefusalKind.NotFound, "operation-off", "this operation is switched off"));
            }
            if (request.Operation == EstOperation.CaCerts)
            {
                return label.CaCerts.TryRead(out var chains)
                    ? new EstResponse(EstStatus.Ok, EstContent.CertsOnly, chains)
                    : Statuses.Answer(new Refusal(RefusalKind.Unavailable, "ca-unavailable", "no CA of this label has been reached yet", Pause));
            }
            if (request.Operation == EstOperation.CsrAttrs && !label.CsrAttributesNeedAuth)
            {
                return ReadCsrAttributes(label);
            }
            using var worker = await workers.EnterAsync(cancel);
            if (worker is null)
            {
                return Statuses.Answer(new Refusal(RefusalKind.Unavailable, "overloaded", "too many requests are in work", Pause));
            }
            return request.Operation == EstOperation.RenewalInfo
                ? await renewalInformation.ReadAsync(label.Group, request.Argument, lease.Generation.Config.Est.RenewalInfo, cancel)
                : request.Operation == EstOperation.FullCmc ? await FullCmcAsync(label, request, cancel)
                : await AuthenticatedAsync(label, request, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (PluginFaultException fault)
        {
            // What was begun stays open in the ledger, so the client's repeat takes it up.
            log.LogError(fault.WasCalled ? fault : null, "{Operation} failed: {Reason}", request, fault.Message);
            return Statuses.Answer(new Refusal(RefusalKind.Unavailable, "plugin-fault", "a part of the server does not work at the moment", Pause));
        }
        catch (DatabaseException fault)
        {
            // Nothing that was answered is lost, and the repeat finds what was begun.
            log.LogError("{Operation} failed: {Reason}", request, fault.Message);
            return Statuses.Answer(new Refusal(RefusalKind.Unavailable, "database", "the server cannot reach its records at the moment", Pause));
        }
        catch (Exception fault)
        {
            // The reference is all that the client learns; the operator finds the rest under it.
            var reference = Guid.NewGuid().ToString("N")[..12];
            log.LogError(fault, "{Operation} failed, reference {Reference}: {Reason}", request, reference, fault.Message);
            return Statuses.Answer(new Refusal(RefusalKind.Fault, "internal", $"the server failed; reference {reference}"));
        }
    }

    private async Task<EstResponse> AuthenticatedAsync(EstLabel label, EstRequest request, CancellationToken cancel)
    {
        var trail = new RequestTrail(request.Peer.Address.Address, request.Label);
        using var scope = AuditScope.Begin(trail.Source, trail.Label, null);
        var outcome = await label.Auth.AuthenticateAsync(request, trail, cancel);
        if (outcome is AuthOutcome.Denied denied)
        {
            await trails.WriteAnonymousAsync(trail, CancellationToken.None);
            return Statuses.Answer(denied.Refusal, denied.Challenges);
        }
        var admitted = (AuthOutcome.Admitted)outcome;
        if (request.Operation == EstOperation.CsrAttrs)
        {
            await trails.WriteAsync(trail.Take(), CancellationToken.None);
            return ReadCsrAttributes(label) with { Challenges = admitted.Answers };
        }
        var submission = new Submission.Pkcs10(request.Body, WantsKey: request.Operation == EstOperation.ServerKeyGen);
        var ask = new EnrollRequest(
            request.Operation, request.Operation == EstOperation.SimpleReEnroll, submission, request.Peer, admitted.Requester, admitted.Credential,
            label.Policy, label.Group, trail) { Chain = label.Auth };
        var answer = await label.Pipeline.RunAsync(ask, cancel);
        await trails.WriteAsync(trail.Take(), CancellationToken.None);
        var response = Answer(answer);
        // With a 401 the method's answer would read as one more leg.
        return response.Status == EstStatus.Unauthenticated ? response : response with { Challenges = admitted.Answers };
    }

    // The signature in the message may be the authentication, so it is the message's own flow that looks for it.
    private async Task<EstResponse> FullCmcAsync(EstLabel label, EstRequest request, CancellationToken cancel)
    {
        var trail = new RequestTrail(request.Peer.Address.Address, request.Label);
        using var scope = AuditScope.Begin(trail.Source, trail.Label, null);
        var answer = await label.Cmc!.AnswerAsync(new CmcLabel(label.Policy, label.Group, label.Auth, label.Pipeline), request, trail, cancel);
        await (trail.Actor is null ? trails.WriteAnonymousAsync(trail, CancellationToken.None) : trails.WriteAsync(trail.Take(), CancellationToken.None));
        return answer switch
        {
            CmcAnswer.Plain plain => Statuses.Answer(plain.Refusal, plain.Challenges),
            CmcAnswer.Full full => new EstResponse(Statuses.Of(full.Outcome), EstContent.CmcResponse, full.Message)
            {
                RetryAfter = full.RetryAfter,
                Challenges = full.Challenges,
                WhenWritten = () => full.Transactions.ToList().ForEach(transaction => ledger.MarkDelivered(transaction, superseded.Wake)),
            },
            _ => throw new InvalidOperationException($"{answer} is no answer that is known."),
        };
    }

    private EstResponse Answer(EnrollOutcome outcome) => outcome switch
    {
        EnrollOutcome.Issued issued => new EstResponse(EstStatus.Ok, [.. PartsOf(issued)]) { WhenWritten = () => ledger.MarkDelivered(issued.Transaction, superseded.Wake) },
        EnrollOutcome.Pending pending => new EstResponse(EstStatus.Pending, []) { RetryAfter = pending.RetryAfter },
        EnrollOutcome.Refused refused => Statuses.Answer(refused.Refusal),
        _ => throw new InvalidOperationException($"{outcome} is no outcome that is known."),
    };

    // The key comes first (RFC 7030 section 4.4.2).
    private static IEnumerable<EstPart> PartsOf(EnrollOutcome.Issued issued)
    {
        if (issued.Key is not null)
        {
            yield return issued.Key;
        }
        yield return new EstPart(EstContent.CertsOnly, CertsOnly.Encode([issued.Certificate]));
    }

    private static EstResponse ReadCsrAttributes(EstLabel label) => label.CsrAttributes.IsEmpty
        ? new EstResponse(EstStatus.Empty, [])
        : new EstResponse(EstStatus.Ok, EstContent.CsrAttributes, label.CsrAttributes);
}
