using System.Security.Cryptography;
using Kipuka.Audit;
using Kipuka.Config;
using Kipuka.Ha;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk.Ca;
using Kipuka.Store;

namespace Kipuka.Enroll;

/// <summary>The one way to a certificate.</summary>
internal sealed class EnrollPipeline(Ledger ledger, Twins twins, EstConfig config, Func<string?> sinkFault, string node, TimeProvider clock)
{
    private static readonly TimeSpan TwinPatience = TimeSpan.FromSeconds(10);

    private readonly Possession _possession = new(config.ChannelBinding);
    private readonly LimitsCache _limits = new();

    /// <param name="ask">The request.</param>
    /// <param name="cancel">The client has gone. Not looked at once a CA is chosen: from there the work is finished for the client's repeat.</param>
    public async Task<EnrollOutcome> RunAsync(EnrollRequest ask, CancellationToken cancel)
    {
        // 1. Decode and parse; the sender holds the key, and sends on this connection.
        ask.Trail.Add($"{ask.Word}.request", true);
        var (proven, refusal) = _possession.Prove(ask.Body, ask.Peer, ask.Policy.RequiresPossession);
        if (proven is null)
        {
            return new EnrollOutcome.Refused(refusal!);
        }

        // 2. Equal requests go one after the other.
        var key = Key(ask, proven.Request);
        using var turn = await twins.EnterAsync(key.ToString(), TwinPatience, cancel);
        if (turn is null)
        {
            return Busy("twin", "the same request is in work");
        }

        // 3. This request before? Then the same certificate again, or the same transaction to its end.
        var now = clock.GetUtcNow();
        var before = await ledger.FindAsync(key, now - config.ResendWindow, cancel);
        if (before is not null && CanRepeat(before, now))
        {
            return ask.Credential is { Credential.IsExhausted: true } && before.Delivered ? Spent() : new EnrollOutcome.Issued(
                before.Transaction, before.Certificate);
        }
        var open = before is { State: LedgerState.Open } ? before : null;
        if (open is null && ask.Credential is { Credential.IsExhausted: true })
        {
            return Spent();
        }

        // 4. No issuing without the sinks that must see it.
        if (sinkFault() is { } fault)
        {
            return Busy("audit", $"nothing is issued while an audit sink fails ({fault})");
        }

        if (open is not null && now - open.Opened > config.ResendWindow)
        {
            await Issuance.GiveUpAsync(ledger, open, ask.Credential);
            open = null;
        }

        // 5. The usable CAs in order; the next one only if the last one has certainly issued nothing.
        var issuance = new Issuance(ledger, ask, key, open, config.ResendWindow, node, clock);
        foreach (var member in issuance.Candidates())
        {
            // 6. Policy builds the draft for this CA, from nothing.
            var stamp = new DraftStamp(issuance.Transaction, open?.Serial ?? SerialNumber.Next(), now);
            var approval = ask.Policy.Approve(proven, ask.Requester, ask.IsRenewal, _limits.Of(member.Authority), stamp);
            if (approval is Approval.Refused refused)
            {
                return await issuance.AbandonAsync(refused.Refusal);
            }
            var granted = (Approval.Granted)approval;

            // 7. Serial and draft are durable before the CA is called. 8. One use of a one-time credential is taken: after the entry, so that a
            // crash between the two leaves a transaction that the client's repeat finds, and never a use that nobody can claim (ruling 48).
            var draft = await issuance.OpenAsync(member, granted);
            if (!await issuance.HoldAsync())
            {
                return open is null ? await issuance.AbandonAsync(Spent().Refusal) : Spent();
            }

            // 9. The CA signs, and its answer is compared with the draft.
            try
            {
                switch (await member.IssueAsync(draft, CancellationToken.None))
                {
                    case IssueResult.Issued issued:
                        // 10. Certificate, credential and audit event become durable in one transaction; only then the client sees it.
                        return await issuance.CloseAsync(member, issued.Certificate, granted.Notes);
                    case IssueResult.Refused denied:
                        return await issuance.AbandonAsync(new Refusal(RefusalKind.Policy, "ca-refused", $"the CA refused the request: {denied.Detail}"));
                }
            }
            catch (AuthorityUnavailableException unavailable) when (!unavailable.MayHaveIssued && open is null)
            {
                continue;
            }
            catch (AuthorityUnavailableException)
            {
                // The entry stays open and the credential held: the client's repeat finds out.
                return Busy("ca-unavailable", "the CA gave no answer; repeat the request");
            }
        }
        return await issuance.AbandonAsync(new Refusal(RefusalKind.Unavailable, "ca-unavailable", "no CA is available", ask.Group.RetryAfter));
    }

    private static LedgerKey Key(EnrollRequest ask, CertificationRequest request)
        => new($"{ask.Requester.Identity.Method}:{ask.Requester.Identity.Key}", ask.Policy.Profile, SHA256.HashData(request.Raw.Span));

    // Never a revoked one, and none past half its life: a client that asks then wants a new one (ruling 44).
    private static bool CanRepeat(LedgerEntry entry, DateTimeOffset now)
        => entry is { State: LedgerState.Issued, Revoked: null } && now - entry.NotBefore < (entry.NotAfter - entry.NotBefore) / 2;

    private static EnrollOutcome.Refused Spent()
        => new(new Refusal(RefusalKind.Unauthenticated, "credential-spent", "the one-time credential has been used up"));

    private EnrollOutcome.Refused Busy(string code, string detail)
        => new(new Refusal(RefusalKind.Unavailable, code, detail, config.RetryAfter));
}
