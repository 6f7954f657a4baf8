using Kipuka.Audit;
using Kipuka.Auth;
using Kipuka.Catalog;
using Kipuka.Enroll;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk.Transport;
using Kipuka.Store;
using Microsoft.Extensions.Logging;

namespace Kipuka.Est;

/// <summary>Answers EST requests: resolves the label, authenticates, reads or enrolls. Every failure is a response.</summary>
internal sealed class EstService(Generations generations, Ledger ledger, Trail trails, Workers workers, ILogger<EstService> log) : IEstService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public async ValueTask<EstResponse> HandleAsync(EstRequest request, CancellationToken cancel)
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
                return new EstResponse(EstStatus.Ok, EstContent.CertsOnly, label.CaCerts);
            }
            if (request.Operation == EstOperation.CsrAttrs && !label.CsrAttributesNeedAuth)
            {
                return ReadCsrAttributes(label);
            }
            using var worker = await workers.EnterAsync(cancel);
            return worker is null
                ? Statuses.Answer(new Refusal(RefusalKind.Unavailable, "overloaded", "too many requests are in work", Pause))
                : await AuthenticatedAsync(label, request, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
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
            return ReadCsrAttributes(label);
        }
        var ask = new EnrollRequest(
            request.Operation == EstOperation.SimpleReEnroll, request.Body, request.Peer, admitted.Requester, admitted.Credential, label.Policy, label.Group, trail);
        return await EnrollAsync(label, ask, cancel);
    }

    private async Task<EstResponse> EnrollAsync(EstLabel label, EnrollRequest ask, CancellationToken cancel)
    {
        var outcome = await label.Pipeline.RunAsync(ask, cancel);
        if (outcome is EnrollOutcome.Refused refused)
        {
            var refusal = refused.Refusal;
            ask.Trail.Add($"{ask.Word}.failure", false, new Dictionary<string, string> { ["code"] = refusal.Code, ["reason"] = refusal.Detail });
            if (refusal.Kind is RefusalKind.Policy or RefusalKind.Forbidden)
            {
                ask.Trail.Add("cert.denied", false, new Dictionary<string, string> { ["code"] = refusal.Code, ["reason"] = refusal.Detail });
            }
            await trails.WriteAsync(ask.Trail.Take(), CancellationToken.None);
            return Statuses.Answer(refusal);
        }
        var issued = (EnrollOutcome.Issued)outcome;
        await trails.WriteAsync(ask.Trail.Take(), CancellationToken.None);
        return new EstResponse(EstStatus.Ok, EstContent.CertsOnly, CertsOnly.Encode([issued.Certificate]))
        {
            WhenWritten = () => ledger.MarkDelivered(issued.Transaction),
        };
    }

    private static EstResponse ReadCsrAttributes(EstLabel label) => label.CsrAttributes.IsEmpty
        ? new EstResponse(EstStatus.Empty, EstContent.None, ReadOnlyMemory<byte>.Empty)
        : new EstResponse(EstStatus.Ok, EstContent.CsrAttributes, label.CsrAttributes);
}
