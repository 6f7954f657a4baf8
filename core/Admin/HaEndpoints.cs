using System.Globalization;
using Kipuka.Catalog;
using Kipuka.Config.Binding;
using Kipuka.Ha;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kipuka.Admin;

/// <summary>/admin/ha: the groups of CAs, and operators' say in which member serves.</summary>
internal sealed class HaEndpoints(Generations generations, Failovers failovers, TimeProvider clock) : IAdminEndpoints
{
    private const int MostReasonChars = 500;

    private static readonly TimeSpan UsualTime = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(30);

    private const string Tag = "CAs";

    public void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("ha", ShowAsync).Describe("showGroups", Tag, "The groups of CAs: strategy, forced failover, members with their state and figures.");
        admin.MapPost("ha/failover", ForceAsync)
            .Describe("forceFailover", Tag, "Forces a group onto a member, or off it, until it expires or is lifted.").Fails(400, 409);
        admin.MapDelete("ha/failover/{group}", LiftAsync)
            .Describe("endFailover", Tag, "Ends a forced failover: the group's strategy decides again.").Fails(404);
    }

    private async Task<Ok<HaView>> ShowAsync(CancellationToken cancel)
    {
        var generation = generations.Current;
        List<GroupView> groups = [];
        foreach (var group in generation.Part<CaGroups>().All)
        {
            groups.Add(GroupView.Of(group, await group.ForcedAsync(cancel), generation.Config, clock.GetUtcNow()));
        }
        return TypedResults.Ok(new HaView(generation.Config.Ha is { Enabled: true, Groups.Count: > 0 }, groups));
    }

    private async Task<Ok<FailoverView>> ForceAsync(HttpContext context, FailoverRequest request)
    {
        // The members stay whole while one of them is probed.
        using var lease = generations.Enter();
        var member = Member(lease.Generation.Part<CaGroups>(), request, out var group);
        var now = clock.GetUtcNow();
        var forced = new ForcedFailover(
            group.Name, request.To, request.Off, Reason(request.Reason), AdminGate.OperatorOf(context).ToString(), now, Expiry(request, now));
        AdminGate.Describe(context, "ha_group", group.Name);
        AdminGate.Describe(context, request.To is null ? "off" : "to", member.Id);
        AdminGate.Describe(context, "expires_at", forced.ExpiresAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        if (forced.Reason is not null)
        {
            AdminGate.Describe(context, "reason", forced.Reason);
        }
        await (request.To is null ? RequireOthersAsync(group, member) : RequireUsableAsync(member));
        await failovers.SetAsync(forced, CancellationToken.None);
        return TypedResults.Ok(FailoverView.Of(forced));
    }

    private async Task<NoContent> LiftAsync(HttpContext context, string group)
    {
        AdminGate.Describe(context, "ha_group", group);
        return await failovers.EndAsync(group, CancellationToken.None)
            ? TypedResults.NoContent()
            : throw new AdminException(StatusCodes.Status404NotFound, "not_found", $"no failover is forced on a group '{Text.Printable(group)}'");
    }

    private static CaMember Member(CaGroups groups, FailoverRequest request, out CaGroup group)
    {
        if (((request.To ?? request.Off) is not { } id) || (request.To is not null && request.Off is not null))
        {
            throw Bad("give exactly one of to and off: the CA that is to serve, or the one that is not to");
        }
        if (groups.Find(id) is not { } member)
        {
            throw Bad($"there is no CA '{Text.Printable(id)}'; there are {string.Join(", ", groups.Members.Select(one => one.Id))}");
        }
        group = groups.Of(id);
        if (request.Group is { } name && name != group.Name)
        {
            throw Bad($"the CA {id} is not in the group '{Text.Printable(name)}' but in {group.Name}");
        }
        return group.Members.Count > 1
            ? member
            : throw new AdminException(StatusCodes.Status409Conflict, "no_alternative", $"the CA {id} stands alone; list it in a [[ha.group]] with others");
    }

    // Book: "CircuitOpen → Healthy: Manual operator override (health check passes)".
    private static async Task RequireUsableAsync(CaMember member)
    {
        if (!member.IsUsable)
        {
            await member.CheckAsync(CancellationToken.None, atOnce: true);
        }
        if (!member.IsUsable)
        {
            throw new AdminException(StatusCodes.Status409Conflict, "not_usable", $"the CA {member.Id} is {member.State.Word()}, also after a check just now: {member.Reason}");
        }
    }

    private static Task RequireOthersAsync(CaGroup group, CaMember member) => group.Members.Any(other => other != member && other.IsUsable)
        ? Task.CompletedTask
        : throw new AdminException(StatusCodes.Status409Conflict, "no_alternative", $"no other CA of the group {group.Name} can be used now, so nothing would be issued");

    private static DateTimeOffset Expiry(FailoverRequest request, DateTimeOffset now)
    {
        if (request is { Ttl: not null, ExpiresAt: not null })
        {
            throw Bad("give ttl or expires_at, not both");
        }
        var ttl = request.ExpiresAt - now ?? (request.Ttl is { } text ? Duration(text) : UsualTime);
        return ttl >= TimeSpan.FromSeconds(1) && ttl <= LongestTime
            ? now + ttl
            : throw Bad($"the failover must last from a second to {LongestTime.TotalDays:0} days");
    }

    private static TimeSpan Duration(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && Durations.TryFromSeconds(seconds, out var duration))
        {
            return duration;
        }
        return Durations.TryParse(text, out duration) ? duration : throw Bad($"ttl '{Text.Printable(text)}' is no duration such as 90s, 15m, 1h30m or 7d, and no number of seconds");
    }

    private static string? Reason(string? reason) => reason?.Trim() switch
    {
        null or "" => null,
        { Length: <= MostReasonChars } text when !text.Any(char.IsControl) => text,
        _ => throw Bad($"reason is at most {MostReasonChars} printable characters"),
    };

    private static AdminException Bad(string message) => new(StatusCodes.Status400BadRequest, "bad_request", message);
}
