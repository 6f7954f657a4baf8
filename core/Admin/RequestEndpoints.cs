using Kipuka.Audit;
using Kipuka.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kipuka.Admin;

/// <summary>/admin/requests: certificates that wait for an operator's word (ruling 45).</summary>
internal sealed class RequestEndpoints(PendingRequests requests, TimeProvider clock) : IAdminEndpoints
{
    private const int MostPerPage = 1000;
    private const int MostReasonChars = 500;

    private const string Tag = "Requests";

    public void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("requests", ListAsync).Describe(
            "listRequests", Tag, "Requests that wait for approval, newest first; with status=all those that were decided, too.",
            ApiParameter.Page, ApiParameter.PerPage(50),
            new ApiParameter("status", "Those that wait, or all.") { Values = ["pending", "all"], Usual = "pending" }).Fails(400);
        admin.MapGet("requests/{id:guid}", ShowAsync).Describe("showRequest", Tag, "One request, with its PEM.").Fails(404);
        admin.MapPost("requests/{id:guid}/approve", (HttpContext context, Guid id, Acceptance? acceptance, CancellationToken cancel)
            => DecideAsync(context, id, Decision.Approved, acceptance?.Reason is { } reason ? Reason(reason) : null, cancel))
            .Describe("approveRequest", Tag, "Lets the client have its certificate when it asks again.").Fails(400, 404, 409);
        admin.MapPost("requests/{id:guid}/reject", (HttpContext context, Guid id, Rejection rejection, CancellationToken cancel)
            => DecideAsync(context, id, Decision.Rejected, Reason(rejection.Reason), cancel))
            .Describe("rejectRequest", Tag, "Refuses the request; the client is told the reason.").Fails(400, 404, 409);
    }

    private async Task<Ok<RequestList>> ListAsync(int? page, int? per_page, string? status, CancellationToken cancel)
    {
        if (page is < 1 or > 1_000_000 || per_page is < 1 or > MostPerPage)
        {
            throw Bad($"page begins at 1, per_page is 1 to {MostPerPage}");
        }
        if (status is not (null or "pending" or "all"))
        {
            throw Bad("status is pending or all");
        }
        var found = status == "all"
            ? await requests.ListAsync(page ?? 1, per_page ?? 50, cancel)
            : await requests.ListOpenAsync(page ?? 1, per_page ?? 50, cancel);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new RequestList(page ?? 1, per_page ?? 50, found.Total, found.IsComplete, [.. found.Rows.Select(request => RequestView.Of(request, now))]));
    }

    private async Task<Ok<RequestDetails>> ShowAsync(Guid id, CancellationToken cancel)
        => TypedResults.Ok(RequestDetails.Of(await FindAsync(id, cancel), clock.GetUtcNow()));

    private async Task<Ok<RequestView>> DecideAsync(HttpContext context, Guid id, Decision decision, string? reason, CancellationToken cancel)
    {
        var request = await FindAsync(id, cancel);
        var who = AdminGate.OperatorOf(context);
        // The certificate, or another one of the same name: nobody approves what they asked for themselves.
        if (request.Key.Identity == $"{who.Method}:{who.Key}" || request.Requester == who.ToString())
        {
            throw new AdminException(StatusCodes.Status403Forbidden, "own_request", "nobody decides about a request of their own; another operator has to");
        }
        var fields = new Dictionary<string, string> { ["transaction"] = id.ToString(), ["subject"] = request.Subject, ["requester"] = request.Requester };
        if (reason is not null)
        {
            fields["reason"] = reason;
        }
        var audit = Trail.Record(decision == Decision.Approved ? "approval.granted" : "approval.rejected", decision == Decision.Approved, who, fields) with
        {
            Source = context.Connection.RemoteIpAddress,
            Authority = request.Authority,
            Label = request.Key.Label.Length > 0 ? request.Key.Label : null,
        };
        if (!await requests.DecideAsync(id, decision, who.ToString(), reason, [audit], CancellationToken.None))
        {
            var status = (await FindAsync(id, cancel)).StatusAt(clock.GetUtcNow());
            throw new AdminException(StatusCodes.Status409Conflict, "not_pending", $"the request is {Word(status)}, so there is nothing to decide");
        }
        return TypedResults.Ok(RequestView.Of(await FindAsync(id, cancel), clock.GetUtcNow()));
    }

    private async Task<PendingRequest> FindAsync(Guid id, CancellationToken cancel) => await requests.FindAsync(id, cancel)
        ?? throw new AdminException(StatusCodes.Status404NotFound, "not_found", $"there is no request {id}");

    private static string Reason(string? reason) => reason?.Trim() is { Length: > 0 and <= MostReasonChars } text && !text.Any(char.IsControl)
        ? text
        : throw Bad($"reason is 1 to {MostReasonChars} printable characters; who is rejected is told");

    internal static string Word(RequestStatus status) => status.ToString().ToLowerInvariant();

    private static AdminException Bad(string message) => new(StatusCodes.Status400BadRequest, "bad_request", message);
}

/// <summary>Why a request is approved, for the journal.</summary>
internal sealed record Acceptance(string? Reason);

/// <summary>Why a request is rejected.</summary>
internal sealed record Rejection(string? Reason);
