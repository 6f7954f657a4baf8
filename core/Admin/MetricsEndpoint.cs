using System.Text;
using Kipuka.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kipuka.Admin;

/// <summary>/admin/metrics.</summary>
internal sealed class MetricsEndpoint(Export export, Gauges gauges) : IAdminEndpoints
{
    public void Map(IEndpointRouteBuilder admin) => admin.MapGet("metrics", async (CancellationToken cancel) =>
    {
        await gauges.RefreshAsync(cancel);
        return TypedResults.Text(export.Prometheus(), PrometheusText.MediaType, Encoding.UTF8);
    }).Describe("showMetrics", "Health", "Everything that is counted and timed, in Prometheus' text format.").Sends("text/plain");
}
