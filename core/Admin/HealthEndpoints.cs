using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kipuka.Admin;

/// <summary>/admin/health and what belongs to it.</summary>
internal sealed class HealthEndpoints(HealthReport report) : IAdminEndpoints
{
    public void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("health", async (CancellationToken cancel) => TypedResults.Ok(await report.ReportAsync(cancel)))
            .WithSummary("Health of the server and of all its components; the worst component wins.");
        admin.MapGet("health/live", () => TypedResults.Ok(new ProbeAnswer("ok"))).WithSummary("Liveness: the process answers. Without authentication.");
        admin.MapGet("health/ready", async (CancellationToken cancel) =>
        {
            var ready = await report.IsReadyAsync(cancel);
            return TypedResults.Json(
                new ProbeAnswer(ready ? "ready" : "not_ready"), AdminJson.Options,
                statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).WithSummary("Readiness: certificates can be issued. Without authentication.");
        admin.MapGet("health/db", async (CancellationToken cancel) => TypedResults.Ok(await report.DatabaseAsync(cancel)))
            .WithSummary("The database and its connections.");
        foreach (var path in new[] { "health/ca", "ca/health" })
        {
            admin.MapGet(path, () => TypedResults.Ok(report.Cas().ToDictionary(ca => ca.Id))).WithSummary("Health of every CA, by id.");
        }
    }
}
