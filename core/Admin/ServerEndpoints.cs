using Kipuka.Audit;
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
        admin.MapGet("plugins", () => TypedResults.Ok(Plugins()))
            .Describe("listPlugins", "Server", "The plugins that serve, each with its instances; code that stayed in memory.");
        // Not cancelled with the request: half a reload is none an operator could want.
        admin.MapPost("reload", async (HttpContext context) =>
        {
            using var scope = AuditScope.Begin(context.Connection.RemoteIpAddress, null, AdminGate.OperatorOf(context));
            var outcome = await reloader.ReloadAsync(CancellationToken.None);
            return TypedResults.Json(
                View(outcome), AdminJson.Options, statusCode: outcome.Succeeded ? StatusCodes.Status200OK : StatusCodes.Status409Conflict);
        }).Describe("reload", "Server", "Reads the configuration anew; when anything is wrong the old one keeps serving (409).")
            .Produces<ReloadView>().Produces<ReloadView>(StatusCodes.Status409Conflict).Fails(400);
    }

    private PluginList Plugins()
    {
        var generation = generations.Current;
        return new PluginList(generation.Number, Last(), reloader.LeakedPlugins, [.. generation.Instances.GroupBy(instance => instance.Plugin).Select(plugin => new PluginView(
            plugin.Key.Kind,
            plugin.Key.Name,
            plugin.Key.Version.ToString(),
            plugin.Key.SdkVersion.ToString(),
            plugin.Key.Folder,
            plugin.Key.Hash,
            plugin.First().Trust.Word,
            plugin.First().Trust.Detail,
            generation.Number,
            [.. plugin.Select(instance => new InstanceView(instance.Id, instance.State, instance.Started))]))]);
    }

    private ReloadView? Last() => reloader.Last is { } last ? View(last) : null;

    private static ReloadView View(ReloadOutcome outcome) => new(
        outcome.Number, outcome.Succeeded ? "reloaded" : "refused", [.. outcome.Problems.Select(problem => problem.Text)]);
}

/// <param name="Generation">The one that serves.</param>
/// <param name="LastReload">How the last reload ended; null when there was none.</param>
/// <param name="Leaked">Plugin folders whose code was unloaded and is still in memory.</param>
/// <param name="Plugins">Those that serve.</param>
internal sealed record PluginList(int Generation, ReloadView? LastReload, IReadOnlyList<string> Leaked, IReadOnlyList<PluginView> Plugins);

/// <param name="Pin">Why its code may run: shipped, pinned, signed or unpinned.</param>
/// <param name="Publisher">Of a signed one.</param>
internal sealed record PluginView(
    string Kind, string Name, string Version, string SdkVersion, string Folder, string Hash, string Pin, string? Publisher, int Generation,
    IReadOnlyList<InstanceView> Instances);

internal sealed record InstanceView(string Id, string State, DateTimeOffset Started);

internal sealed record ReloadView(int Generation, string Status, IReadOnlyList<string> Problems);
