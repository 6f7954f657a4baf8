using Kipuka.Config;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Store;

namespace Kipuka.Enroll;

/// <summary>Requests that a person has to agree to (RFC 7030 section 4.2.3, ruling 45).</summary>
internal sealed class Approvals(PendingRequests requests, EstConfig config, TimeProvider clock)
{
    private const int MostPerIdentity = 5;

    // A password stands for one device, so it can have asked for one thing.
    private const int MostPerCredential = 1;

    /// <summary>The decision, or the wait for one, that this request has to its name; null when it is new.</summary>
    public async Task<PendingRequest?> FindAsync(EnrollRequest ask, LedgerKey key, CancellationToken cancel)
    {
        // A label that asked for approval until yesterday may have left a password held: the request that holds it must be found.
        if (!ask.Policy.NeedsApproval && ask.Credential is not { Credential.IsExhausted: true })
        {
            return null;
        }
        var found = await requests.FindAsync(key, cancel);
        return found is { Transaction: null or LedgerState.Open } && found.Expires > clock.GetUtcNow() ? found : null;
    }

    /// <summary>Null when the request may go on; otherwise its answer for now.</summary>
    /// <param name="ask">The request.</param>
    /// <param name="key">The same, for the ledger.</param>
    /// <param name="known">What <see cref="FindAsync"/> found.</param>
    /// <param name="granted">What policy would issue.</param>
    /// <param name="transaction">The transaction's id.</param>
    public async Task<EnrollOutcome?> DecideAsync(EnrollRequest ask, LedgerKey key, PendingRequest? known, Approval.Granted granted, Guid transaction)
    {
        switch (known)
        {
            case { Decision: Decision.Rejected }:
                return new EnrollOutcome.Refused(new Refusal(RefusalKind.Forbidden, "rejected", $"an operator rejected the request: {known.Reason}"));
            case { Decision: Decision.Approved }:
                return null;
            case { } waiting when ask.Policy.NeedsApproval:
                return await WaitAsync(ask, waiting);
            case null when ask.Policy.NeedsApproval:
                return await BeginAsync(ask, Describe(ask, key, granted, transaction));
            default:
                return null;
        }
    }

    private async Task<EnrollOutcome> BeginAsync(EnrollRequest ask, PendingRequest request)
    {
        ask.Trail.Add("approval.requested", true, new Dictionary<string, string>
        {
            ["transaction"] = request.Id.ToString(),
            ["subject"] = request.Subject,
            ["san"] = string.Join(",", request.Names),
        });
        var most = ask.Credential is null ? MostPerIdentity : MostPerCredential;
        return await requests.AddAsync(request, most, ask.Trail.Take(), CancellationToken.None)
            ? await WaitAsync(ask, request)
            : new EnrollOutcome.Refused(new Refusal(
                RefusalKind.Forbidden, "too-many-pending", $"{most} other request(s) of this identity wait for approval already", config.RetryAfter));
    }

    // The use of a password is held as long as the request lives; after the row, so that a crash in between leaves what the repeat finds.
    private async Task<EnrollOutcome> WaitAsync(EnrollRequest ask, PendingRequest request)
        => ask.Credential is null || await ask.Credential.Credential.HoldAsync(request.Id, request.Expires, CancellationToken.None)
            ? new EnrollOutcome.Pending(request.Id, config.RetryAfter)
            : new EnrollOutcome.Refused(new Refusal(
                RefusalKind.Unauthenticated, "credential-spent", "the one-time credential has been used up"));

    private PendingRequest Describe(EnrollRequest ask, LedgerKey key, Approval.Granted granted, Guid transaction)
    {
        var draft = granted.Draft;
        var names = draft.Extensions.FirstOrDefault(extension => extension.Oid!.Value == Oids.SubjectAltName);
        var usages = draft.Extensions.FirstOrDefault(extension => extension.Oid!.Value == Oids.ExtKeyUsage);
        var now = clock.GetUtcNow();
        return new PendingRequest(
            transaction,
            key,
            ask.OperationName,
            ask.Requester.Identity.ToString(),
            ask.Trail.Source.ToString(),
            granted.Authority,
            DistinguishedName.Parse(draft.Subject.RawData).Text,
            names is null ? [] : [.. GeneralNames.Parse(names.RawData).Entries.Select(name => name.Text)],
            usages is null ? [] : [.. Eku.Parse(usages.RawData).Select(Eku.Name)],
            PublicKeyInfo.Parse(draft.SubjectPublicKeyInfo).KeyType.Name,
            granted.Request,
            now,
            now + ask.Policy.ApprovalLifetime);
    }
}
