using System.Security.Cryptography;
using System.Text;
using Kipuka.Audit;
using Kipuka.Ca;
using Kipuka.Config;
using Kipuka.Ha;
using Kipuka.Policy;
using Kipuka.Sdk.Ca;
using Kipuka.Store;
using Kipuka.Telemetry;

namespace Kipuka.Enroll;

/// <summary>The one way to a certificate.</summary>
/// <param name="ledger">What was asked and issued.</param>
/// <param name="renewals">Which certificates are renewed for others.</param>
/// <param name="approvals">What people have to decide.</param>
/// <param name="twins">Equal requests, one after the other.</param>
/// <param name="possession">Reads requests.</param>
/// <param name="config"><c>[est]</c>.</param>
/// <param name="sinkFault">Why nothing may be issued now; null when all is well.</param>
/// <param name="node">This node's name.</param>
/// <param name="clock">The clock.</param>
internal sealed class EnrollPipeline(
    Ledger ledger, Renewals renewals, Approvals approvals, Twins twins, Possession possession, EstConfig config, Func<string?> sinkFault, string node,
    TimeProvider clock)
{
    private static readonly TimeSpan TwinPatience = TimeSpan.FromSeconds(10);

    private readonly LimitsCache _limits = new();
    private readonly Statements _statements = new(ledger, clock);

    /// <summary>Answers a request; what is to be audited about it stands in its trail, as far as it has not been written.</summary>
    /// <param name="ask">The request.</param>
    /// <param name="cancel">The client has gone. Not looked at once a CA is chosen: from there the work is finished for the client's repeat.</param>
    public async Task<EnrollOutcome> RunAsync(EnrollRequest ask, CancellationToken cancel)
    {
        EnrollOutcome outcome;
        using (var steps = new Steps(clock, "read"))
        {
            outcome = await FlowAsync(ask, steps, cancel);
        }
        Count(ask, outcome);
        if (outcome is EnrollOutcome.Refused { IsRecorded: false } refused)
        {
            RefusalRecord.Add(ask, refused.Refusal);
        }
        return outcome;
    }

    private async Task<EnrollOutcome> FlowAsync(EnrollRequest ask, Steps steps, CancellationToken cancel)
    {
        // 1. Decode and parse; the sender holds the key, and sends on this connection.
        ask.Trail.Add($"{ask.Word}.request", true, new Dictionary<string, string> { ["operation"] = ask.OperationName });
        var (reading, refusal) = await possession.ReadAsync(
            ask.Submission, ask.Peer, ask.Requester, ask.Policy.RequiresPossession, _statements, cancel);
        if (reading is null)
        {
            return new EnrollOutcome.Refused(refusal!);
        }
        (ask, refusal) = await OtpChallenge.CheckAsync(ask, reading.Proven.Request, cancel);
        if (refusal is not null)
        {
            return new EnrollOutcome.Refused(refusal);
        }
        ask = await renewals.ResolveAsync(ask, reading.Proven.Request, cancel);

        // 2. Equal requests go one after the other.
        steps.Next("turn");
        var key = Key(ask, reading);
        using var turn = await twins.EnterAsync(key.ToString(), TwinPatience, cancel);
        if (turn is null)
        {
            return Busy("twin", "the same request is in work");
        }

        // 3. This request before? Then the same certificate again, or the same transaction to its end.
        steps.Next("ledger");
        var now = clock.GetUtcNow();
        var before = await ledger.FindAsync(key, now - config.ResendWindow, cancel);
        var newest = before?.Opened ?? now - config.ResendWindow;
        var given = false;
        if (before is { State: LedgerState.Open } && !await ledger.TakeOverAsync(before, cancel))
        {
            return Busy("twin", "another node works on the same request");
        }
        if (reading.Key is not null && before is not null)
        {
            // A key that was not delivered is gone. What an unfinished transaction held of a password has been given back.
            given = before.State == LedgerState.Open;
            (ask, before) = (await Issuance.ForgetUndeliveredAsync(ledger, before, ask, now), null);
        }
        if (before is not null && CanRepeat(before, now))
        {
            return ask.Credential is { Credential.IsExhausted: true } && before.Delivered ? Spent() : new EnrollOutcome.Issued(
                before.Transaction, before.Authority, before.Certificate);
        }
        var open = before is { State: LedgerState.Open } ? before : null;
        var approval = open is null ? await approvals.FindAsync(ask, key, cancel) : null;
        if (open is null && approval is null && !given && ask.Credential is { Credential.IsExhausted: true })
        {
            return Spent();
        }

        // 4. No issuing without the sinks that must see it.
        if (sinkFault() is { } fault)
        {
            return Busy("audit", $"nothing is issued while an audit sink fails ({fault})");
        }

        if (open is not null && now - open.Opened > (open.Ticket is null ? config.ResendWindow : ask.Policy.ApprovalLifetime))
        {
            await Issuance.GiveUpAsync(ledger, open, ask, "abandoned: the request was not repeated in time");
            open = null;
        }

        // 5. The usable CAs in order; the next one only if the last one has certainly issued nothing.
        using var issuance = new Issuance(ledger, twins, ask, key, open, approval?.Id, reading, config.ResendWindow, node, clock);
        foreach (var member in await issuance.CandidatesAsync())
        {
            // 6. Policy builds the draft for this CA, from nothing.
            steps.Next("policy");
            var waits = ask.Policy.NeedsApproval && approval?.Decision != Decision.Approved;
            Approval verdict;
            try
            {
                // Both may be the CA's to make: with the key in an HSM, the random numbers and the clients' keys come from there too.
                var stamp = new DraftStamp(issuance.Transaction, await issuance.SerialAsync(member), now);
                verdict = await issuance.ApproveAsync(
                    member, proven => ask.Policy.Approve(proven, ask.Requester, ask.IsRenewal, _limits.Of(member.Authority), stamp), waits);
            }
            catch (AuthorityUnavailableException without)
            {
                member.Breaker.RequestFailed(without.Message);
                continue;
            }
            if (verdict is Approval.Refused refused)
            {
                return await issuance.AbandonAsync(refused.Refusal);
            }
            var granted = (Approval.Granted)verdict;

            // 7. Where the label says so, a person agrees first; until then the request waits (RFC 7030 section 4.2.3, ruling 45).
            if (open is null && await approvals.DecideAsync(ask, key, approval, granted, issuance.Transaction) is { } undecided)
            {
                return undecided is EnrollOutcome.Refused no ? await issuance.AbandonAsync(no.Refusal) : undecided;
            }

            // 8. Serial and draft are durable before the CA is called. 9. One use of a one-time credential is taken: after the entry, so that a
            // crash between the two leaves a transaction that the client's repeat finds, and never a use that nobody can claim (ruling 48).
            steps.Next("open");
            if (await issuance.OpenAsync(member, granted, newest) is not { } draft)
            {
                return Busy("twin", "another node works on the same request");
            }
            if (!await issuance.HoldAsync())
            {
                return open is null ? await issuance.AbandonAsync(Spent().Refusal) : Spent();
            }

            // 10. The CA signs, and its answer is compared with the draft.
            steps.Next("sign");
            try
            {
                switch (await member.IssueAsync(draft, issuance.Ticket, CancellationToken.None))
                {
                    case IssueResult.Issued issued:
                        // 11. Certificate, credential and audit event become durable in one transaction; only then the client sees it.
                        steps.Next("close");
                        return await issuance.CloseAsync(member, issued.Certificate, granted.Notes);
                    case IssueResult.Pending pending:
                        return await issuance.WaitAsync(member, pending, config.RetryAfter);
                    case IssueResult.Refused denied:
                        return await issuance.AbandonAsync(new Refusal(RefusalKind.Policy, "ca-refused", $"the CA refused the request: {denied.Detail}"));
                }
            }
            catch (AuthorityUnavailableException unavailable) when (!unavailable.MayHaveIssued && issuance.MayFollow)
            {
                continue;
            }
            catch (AuthorityUnavailableException unavailable)
            {
                if (unavailable.InnerException is AnswerFaultException other)
                {
                    ask.Trail.AddViolation("ca-answer", $"the CA answered with another certificate than was asked for: {other.Message}", member.Id);
                }
                // The entry stays open and the credential held: the client's repeat finds out.
                return Busy("ca-unavailable", "the CA gave no answer; repeat the request");
            }
        }
        return await issuance.AbandonAsync(new Refusal(RefusalKind.Unavailable, "ca-unavailable", "no CA is available", ask.Group.RetryAfter));
    }

    private static void Count(EnrollRequest ask, EnrollOutcome outcome)
    {
        var (authority, result) = outcome switch
        {
            EnrollOutcome.Issued issued => (issued.Authority, "issued"),
            EnrollOutcome.Refused { Refusal: var refusal } => (ask.Group.Name, refusal.Code),
            _ => (ask.Group.Name, "pending"),
        };
        var counter = ask.IsRenewal ? Metrics.Reenrollments : Metrics.Enrollments;
        counter.Add(1, new("ca", authority), new("label", ask.Policy.Profile), new("result", result));
    }

    // The same CSR asks for something else where the server is to make the key.
    private static LedgerKey Key(EnrollRequest ask, Reading reading)
    {
        var request = reading.Proven.Request.Raw.Span;
        var hash = reading.Key is null ? SHA256.HashData(request) : SHA256.HashData([.. Encoding.ASCII.GetBytes(ask.OperationName), .. request]);
        return new($"{ask.Requester.Identity.Method}:{ask.Requester.Identity.Key}", ask.Policy.Profile, hash);
    }

    // Never a revoked one, and none past half its life: a client that asks then wants a new one (ruling 44).
    private static bool CanRepeat(LedgerEntry entry, DateTimeOffset now)
        => entry is { State: LedgerState.Issued, Revoked: null } && now - entry.NotBefore < (entry.NotAfter - entry.NotBefore) / 2;

    private static EnrollOutcome.Refused Spent()
        => new(new Refusal(RefusalKind.Unauthenticated, "credential-spent", "the one-time credential has been used up"));

    private EnrollOutcome.Refused Busy(string code, string detail)
        => new(new Refusal(RefusalKind.Unavailable, code, detail, config.RetryAfter));
}
