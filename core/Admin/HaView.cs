using System.Text.Json.Serialization;
using Kipuka.Config;
using Kipuka.Ha;

namespace Kipuka.Admin;

/// <summary>/admin/ha.</summary>
/// <param name="Enabled">Whether groups are on; without them each CA stands alone.</param>
/// <param name="Groups">Every group, and every CA that is in none.</param>
internal sealed record HaView(bool Enabled, IReadOnlyList<GroupView> Groups);

/// <summary>A group.</summary>
/// <param name="Name">Its name, or the id of a CA that is in no group.</param>
/// <param name="Strategy">Null for one member.</param>
/// <param name="Labels">The labels that it serves; an empty text is the path without one.</param>
/// <param name="Failover">What an operator forces on it; null when the strategy alone decides.</param>
/// <param name="Members">In configured order.</param>
internal sealed record GroupView(
    string Name, string? Strategy, IReadOnlyList<string> Labels, FailoverView? Failover, IReadOnlyList<MemberView> Members)
{
    public static GroupView Of(CaGroup group, ForcedFailover? forced, KipukaConfig config, DateTimeOffset now)
    {
        var ids = group.Members.Select(member => member.Id).ToHashSet();
        List<string> labels = [.. config.Est.Labels.Where(label => ids.Contains(label.CaId)).Select(label => label.Name),
            .. config.Authorities.Where(ca => ca.Label is not null && ids.Contains(ca.Id)).Select(ca => ca.Label!)];
        if (ids.Contains(config.Authorities[0].Id))
        {
            labels.Insert(0, "");
        }
        return new GroupView(
            group.Name, group.Strategy, labels, forced is null ? null : FailoverView.Of(forced),
            [.. group.Members.Select(member => MemberView.Of(member, forced, now))]);
    }
}

/// <summary>A member, with the figures that its strategy and its breaker go by.</summary>
/// <param name="Usable">Whether requests may go to it now.</param>
/// <param name="Weight">For the strategy weighted.</param>
/// <param name="InFlight">Requests that it works on.</param>
/// <param name="LatencyMs">A moving average over signing and checks, milliseconds; null before the first.</param>
/// <param name="Since">When it got into its state.</param>
/// <param name="TimesOpened">How often its circuit has opened, or stayed open after a failed probe, since it was started.</param>
/// <param name="NextProbe">When it may be probed again; null unless its circuit is open.</param>
/// <param name="Reason">Why it is not healthy.</param>
internal sealed record MemberView(
    string Id, string State, bool Usable, int Weight, int InFlight, double? LatencyMs, DateTimeOffset Since, int ConsecutiveFailures, int FailureThreshold,
    long TimesOpened, DateTimeOffset? NextProbe, DateTimeOffset? LastCheck, DateTimeOffset? LastSignTime, string? Reason)
{
    public static MemberView Of(CaMember member, ForcedFailover? forced, DateTimeOffset now)
    {
        var breaker = member.Breaker.Figures;
        var authority = member.Authority;
        return new MemberView(
            member.Id,
            member.State.Word(),
            member.IsUsable && forced?.Off != member.Id,
            member.Weight,
            authority.InFlight,
            authority.TypicalLatency is { } latency ? Math.Round(latency.TotalMilliseconds, 3) : null,
            breaker.Since,
            breaker.ConsecutiveFailures,
            breaker.FailureThreshold,
            breaker.TimesOpened,
            breaker.State == BreakerState.CircuitOpen ? now + breaker.RetryAfter : null,
            authority.LastProbed,
            authority.LastSigned,
            member.Reason);
    }
}

/// <summary>What an operator wants of a group: exactly one of <c>to</c> and <c>off</c>.</summary>
internal sealed record FailoverRequest(
    string? Group,
    string? To,
    string? Off,
    [property: JsonConverter(typeof(TextOrNumber))] string? Ttl,
    DateTimeOffset? ExpiresAt,
    string? Reason);

/// <summary>What is forced on a group.</summary>
internal sealed record FailoverView(
    string Group, string? To, string? Off, string? Reason, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    public static FailoverView Of(ForcedFailover forced)
        => new(forced.Group, forced.To, forced.Off, forced.Reason, forced.CreatedBy, forced.CreatedAt, forced.ExpiresAt);
}
