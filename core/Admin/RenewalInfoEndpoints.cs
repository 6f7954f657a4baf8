using Kipuka.Audit;
using Kipuka.Catalog;
using Kipuka.Config;
using Kipuka.Pki;
using Kipuka.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kipuka.Admin;

/// <summary>/admin/renewal-info: certificates that are to be renewed early, all of a CA or some.</summary>
internal sealed class RenewalInfoEndpoints(Replacements replacements, Generations generations, TimeProvider clock) : IAdminEndpoints
{
    private const int MostChars = 500;

    private const string Tag = "Certificates";

    public void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("renewal-info", ListAsync)
            .Describe("listEarlyRenewals", Tag, "Certificates that are to be renewed early: the windows in force, oldest first.");
        admin.MapPost("renewal-info", AddAsync)
            .Describe("addEarlyRenewal", Tag, "Tells clients of the certificates named to renew within a window, where that is earlier than they would.").Fails(400, 409);
        admin.MapDelete("renewal-info/{id:guid}", LiftAsync)
            .Describe("liftEarlyRenewal", Tag, "Lifts a window: the certificates' age decides again.").Fails(404);
    }

    private async Task<Ok<ReplacementList>> ListAsync(CancellationToken cancel)
        => TypedResults.Ok(new ReplacementList([.. (await replacements.ListAsync(cancel)).Select(ReplacementView.Of)]));

    private async Task<Created<ReplacementView>> AddAsync(HttpContext context, ReplacementRequest request)
    {
        var now = clock.GetUtcNow();
        var replacement = Read(request, AdminGate.OperatorOf(context).ToString(), now, generations.Current.Config);
        var audit = Audit(context, "replacement.set", replacement);
        return await replacements.AddAsync(replacement, [audit], CancellationToken.None)
            ? TypedResults.Created($"/admin/renewal-info/{replacement.Id}", ReplacementView.Of(replacement))
            : throw new AdminException(StatusCodes.Status409Conflict, "too_many", $"there are {Replacements.Most} windows already; lift some first");
    }

    private async Task<NoContent> LiftAsync(HttpContext context, Guid id, CancellationToken cancel)
    {
        var found = (await replacements.ListAsync(cancel)).Find(one => one.Id == id);
        return found is not null && await replacements.LiftAsync(found.Id, [Audit(context, "replacement.lifted", found)], CancellationToken.None)
            ? TypedResults.NoContent()
            : throw new AdminException(StatusCodes.Status404NotFound, "not_found", $"there is no window {id}");
    }

    private static Replacement Read(ReplacementRequest request, string by, DateTimeOffset now, KipukaConfig config)
    {
        if (request is { Ca: null, Label: null, Serial: null, Subject: null, IssuedBefore: null })
        {
            throw Bad("name the certificates with at least one of ca, label, serial, subject, issued_before");
        }
        if (request.Ca is { } ca && config.Authorities.All(one => one.Id != ca))
        {
            throw Bad($"there is no CA '{Text.Printable(ca)}'; there are {string.Join(", ", config.Authorities.Select(one => one.Id))}");
        }
        if (request.Label is { Length: > 0 } label && !config.LabelNames.Contains(label))
        {
            throw Bad($"there is no label '{Text.Printable(label)}'; an empty text is the path without a label");
        }
        var serial = "";
        if (request.Serial is { } text && !SerialNumbers.TryParse(text, out serial))
        {
            throw Bad($"'{Text.Printable(text)}' is no serial number; write it in hex, with or without colons or 0x");
        }
        if (request.Subject is { Length: 0 or > MostChars })
        {
            throw Bad($"subject is 1 to {MostChars} characters of the certificates' subjects");
        }
        if (request.Reason?.Trim() is not { Length: > 0 and <= MostChars } reason || reason.Any(char.IsControl))
        {
            throw Bad($"reason is 1 to {MostChars} printable characters; operators see it, clients do not");
        }
        var start = request.Start ?? now;
        if (request.End is not { } end || end < start.AddSeconds(1))
        {
            throw Bad("end is missing or not after start; both are ISO 8601 times such as 2026-06-24T14:22:01Z, start is now where it is missing");
        }
        if (request.ExplanationUrl is { } url && !IsAddress(url))
        {
            throw Bad($"explanation_url is no http or https address of at most {MostChars} characters");
        }
        return new Replacement(Guid.CreateVersion7(now), start.ToUniversalTime(), end.ToUniversalTime(), reason, by, now)
        {
            Authority = request.Ca,
            Label = request.Label,
            SerialHex = request.Serial is null ? null : serial,
            Subject = request.Subject,
            IssuedBefore = request.IssuedBefore?.ToUniversalTime(),
            ExplanationUrl = request.ExplanationUrl,
        };
    }

    private static bool IsAddress(string url)
        => url.Length <= MostChars && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http";

    private static AuditRecord Audit(HttpContext context, string name, Replacement replacement)
    {
        var view = ReplacementView.Of(replacement);
        (string Name, string? Value)[] fields =
        [
            ("id", view.Id.ToString()), ("filter_ca", view.Ca), ("filter_label", view.Label), ("filter_serial", view.Serial), ("filter_subject", view.Subject),
            ("issued_before", Time(view.IssuedBefore)), ("start", Time(view.Start)), ("end", Time(view.End)), ("reason", view.Reason),
        ];
        var given = fields.Where(field => field.Value is not null).ToDictionary(field => field.Name, field => field.Value!);
        return Trail.Record(name, true, AdminGate.OperatorOf(context), given) with { Source = context.Connection.RemoteIpAddress };
    }

    private static string? Time(DateTimeOffset? time)
        => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static AdminException Bad(string message) => new(StatusCodes.Status400BadRequest, "bad_request", message);
}
