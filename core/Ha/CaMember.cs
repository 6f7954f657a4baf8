using Kipuka.Ca;
using Kipuka.Sdk.Ca;

namespace Kipuka.Ha;

/// <summary>A CA as a member of its group, with its breaker.</summary>
/// <param name="authority">The CA.</param>
/// <param name="breaker">Its breaker, which may be older than this generation.</param>
/// <param name="weight">0 to 1 000 000, for the strategy.</param>
internal sealed class CaMember(GuardedAuthority authority, Breaker breaker, int weight)
{
    public GuardedAuthority Authority => authority;

    public Breaker Breaker => breaker;

    public string Id => authority.Id;

    public int Weight => weight;

    /// <summary>Whether a request may go to it now.</summary>
    public bool IsUsable => authority.IsConnected && !authority.IsExpired && breaker.IsClosed;

    /// <summary>Its health for people: the breaker's state, worsened by what is wrong with its certificates (rulings 30 and 38).</summary>
    public BreakerState State => authority.IsExpired ? BreakerState.Unhealthy : breaker.State switch
    {
        BreakerState.Healthy when authority.Flaw is not null => BreakerState.Degraded,
        var state => state,
    };

    /// <summary>Why <see cref="State"/> is not healthy, for people; null while it is.</summary>
    public string? Reason => authority.IsExpired ? "the issuing certificate has expired"
        : breaker.Reason ?? authority.Flaw;

    /// <summary>Issues, and tells the breaker what that says about the CA: refusals and cancelled calls say nothing.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="ticket">The CA's word for this draft's request, where it was answered Pending before.</param>
    /// <param name="cancel">Leaves it open whether a certificate exists.</param>
    public async Task<IssueResult> IssueAsync(CertificateDraft draft, string? ticket, CancellationToken cancel)
    {
        try
        {
            var result = ticket is null ? await authority.IssueAsync(draft, cancel) : await authority.ResumeAsync(ticket, draft, cancel);
            if (result is not IssueResult.Refused) breaker.RequestSucceeded();
            return result;
        }
        catch (AuthorityUnavailableException fault)
        {
            breaker.RequestFailed(fault.Message);
            throw;
        }
    }

    /// <summary>Checks the CA's health once, unless a check is under way or the circuit is not to be probed yet.</summary>
    /// <param name="cancel">Ends the check without judging the CA.</param>
    /// <param name="atOnce">Also while the circuit is not to be probed yet.</param>
    public async Task CheckAsync(CancellationToken cancel, bool atOnce = false)
    {
        if (!breaker.TryBeginCheck(atOnce)) return;
        try
        {
            await authority.ProbeAsync(breaker.Settings.CheckTimeout, cancel);
            breaker.CheckSucceeded();
        }
        catch (AuthorityUnavailableException fault)
        {
            breaker.CheckFailed(fault.Message);
        }
        catch (OperationCanceledException)
        {
            breaker.CheckAbandoned();
        }
    }
}
