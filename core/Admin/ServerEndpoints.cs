using Kipuka.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kipuka.Admin;

/// <summary>What concerns the server itself: its plugins and its configuration.</summary>
internal sealed class ServerEndpoints(Generations generations, IReloader reloader) : IAdminEndpoints
{
    public void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("plugins", () => TypedResults.Ok(Plugins())).WithSummary("The plugins that serve, each with its instances.");
        // Not cancelled with the request: half a reload is none an operator could want.
        admin.MapPost("reload", async () =>
        {
            var outcome = await reloader.ReloadAsync(CancellationToken.None);
            var view = new ReloadView(
                outcome.Number, outcome.Succeeded ? "reloaded" : "refused", [.. outcome.Problems.Select(problem => problem.Text)]);
            return TypedResults.Json(
                view, AdminJson.Options, statusCode: outcome.Succeeded ? StatusCodes.Status200OK : StatusCodes.Status409Conflict);
        }).Produces<ReloadView>().WithSummary("Reads the configuration anew; when anything is wrong the old one keeps serving (409).");
    }

    private List<PluginView> Plugins()
    {
        var generation = generations.Current;
        return [.. generation.Instances.GroupBy(instance => instance.Plugin).Select(plugin => new PluginView(
            plugin.Key.Kind,
            plugin.Key.Name,
            plugin.Key.Version.ToString(),
            plugin.Key.SdkVersion.ToString(),
            plugin.Key.Hash,
            generation.Number,
            [.. plugin.Select(instance => new InstanceView(instance.Id, instance.State, instance.Started))]))];
    }
}

internal sealed record PluginView(
    string Kind, string Name, string Version, string SdkVersion, string Hash, int Generation, IReadOnlyList<InstanceView> Instances);

internal sealed record InstanceView(string Id, string State, DateTimeOffset Started);

internal sealed record ReloadView(int Generation, string Status, IReadOnlyList<string> Problems);
