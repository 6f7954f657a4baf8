using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kipuka.Admin;

/// <summary>/admin/health and what belongs to it.</summary>
internal sealed class HealthEndpoints(HealthReport report) : IAdminEndpoints
{
    private const string Tag = "Health";

    public void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("health", async (CancellationToken cancel) => TypedResults.Ok(await report.ReportAsync(cancel)))
            .Describe("showHealth", Tag, "Health of the server and of all its components; the worst component wins.");
        admin.MapGet("health/live", () => TypedResults.Ok(new ProbeAnswer("ok")))
            .Describe("showLiveness", Tag, "Liveness: the process answers. Without authentication.").WithMetadata(new OpenDoor()).Fails(400);
        admin.MapGet("health/ready", async (CancellationToken cancel) =>
        {
            var ready = await report.IsReadyAsync(cancel);
            return TypedResults.Json(
                new ProbeAnswer(ready ? "ready" : "not_ready"), AdminJson.Options,
                statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).Describe("showReadiness", Tag, "Readiness: certificates can be issued. Without authentication.").WithMetadata(new OpenDoor())
            .Produces<ProbeAnswer>().Produces<ProbeAnswer>(StatusCodes.Status503ServiceUnavailable).Fails(400);
        admin.MapGet("health/db", async (CancellationToken cancel) => TypedResults.Ok(await report.DatabaseAsync(cancel)))
            .Describe("showDatabaseHealth", Tag, "The database and its connections.");
        admin.MapGet("health/ca", Cas).Describe("showCaHealth", Tag, "Health of every CA, by id; also at /health/ca.");
        admin.MapGet("ca/health", Cas).Describe("showCaHealthToo", Tag, "The same as /admin/health/ca.");
    }

    private Ok<Dictionary<string, CaHealth>> Cas() => TypedResults.Ok(report.Cas().ToDictionary(ca => ca.Id));
}
