using System.Globalization;
using Kipuka.Config.Binding;
using Kipuka.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kipuka.Admin;

/// <summary>/admin/stats: what was issued, refused and failed, over time.</summary>
internal sealed class StatsEndpoints(Outcomes outcomes, PendingRequests requests, TimeProvider clock) : IAdminEndpoints
{
    private const int MostBuckets = 1000;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public void Map(IEndpointRouteBuilder admin) => admin.MapGet("stats", ReadAsync)
        .Describe(
            "showStats", "Health",
            "Certificates issued, requests refused and requests failed, in buckets of time, by label and by CA; without parameters the last 24 hours.",
            new("from", "From this time on (ISO 8601); a day before to without it.") { Example = "2026-06-24T14:22:01Z" },
            new("to", "Before this time (ISO 8601); now without it.") { Example = "2026-06-25T14:22:01Z" },
            new("bucket", "How long a bucket is: a duration of at least a minute, or its seconds; one that fits without it.") { Example = "1h" }).Fails(400);

    private async Task<Ok<Stats>> ReadAsync(string? from, string? to, string? bucket, CancellationToken cancel)
    {
        var end = Time(to, nameof(to)) ?? clock.GetUtcNow();
        var begin = Time(from, nameof(from)) ?? end - Day;
        if (begin >= end || end - begin > Longest)
        {
            throw Bad($"from has to be before to, by at most {Longest.Days} days");
        }
        var width = Width(bucket) ?? Fitting(end - begin);
        // Buckets begin at whole multiples of their width, so that a bucket is the same one whenever it is asked for.
        var first = new DateTimeOffset(begin.UtcTicks - (begin.UtcTicks % width.Ticks), TimeSpan.Zero);
        var number = (int)Math.Ceiling((end - first) / width);
        if (number > MostBuckets)
        {
            throw Bad($"there would be {number} buckets, {MostBuckets} are the most; make bucket longer, or from and to closer");
        }
        var counts = await outcomes.CountAsync(first, end, width, cancel);
        var waiting = (await requests.ListOpenAsync(page: 1, perPage: 1, cancel)).Total;
        return TypedResults.Ok(new Stats(
            first,
            end,
            (long)width.TotalSeconds,
            waiting,
            Tally.Of(counts),
            [.. Enumerable.Range(0, number).GroupJoin(
                counts, place => place, count => count.Bucket, (place, here) => new StatsBucket(first + (place * width), Tally.Of(here)))],
            [.. counts.GroupBy(count => count.Label).OrderBy(label => label.Key, StringComparer.Ordinal)
                .Select(label => new LabelStats(label.Key.Length > 0 ? label.Key : null, Tally.Of(label)))],
            [.. counts.Where(count => count.Authority is not null).GroupBy(count => count.Authority!).OrderBy(ca => ca.Key, StringComparer.Ordinal)
                .Select(ca => new CaStats(ca.Key, Tally.Of(ca).Issued))]));
    }

    private static TimeSpan? Width(string? text) => text is null
        ? null
        : (Durations.TryParse(text, out var width) || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && Durations.TryFromSeconds(seconds, out width))) && width >= Shortest && width <= Longest
            ? width
            : throw Bad("bucket is a duration of at least a minute, such as 15m, 1h or 1d, or its seconds");

    private static TimeSpan Fitting(TimeSpan range) => range <= TimeSpan.FromHours(2) ? Shortest : range <= 2 * Day ? TimeSpan.FromHours(1) : Day;

    private static DateTimeOffset? Time(string? text, string name) => text is null
        ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && time.Year is > 1970 and < 9000
            ? time
            : throw Bad($"{name} is no ISO 8601 time, such as 2026-06-24T14:22:01Z");

    private static AdminException Bad(string message) => new(StatusCodes.Status400BadRequest, "bad_request", message);
}
