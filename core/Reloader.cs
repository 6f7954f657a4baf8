using Kipuka.Audit;
using Kipuka.Catalog;
using Kipuka.Config;
using Kipuka.Transport;
using Microsoft.Extensions.Logging;

namespace Kipuka;

/// <summary>Takes the server from one generation to the next: at the start, at SIGHUP, at POST /admin/reload, and at the end.</summary>
internal sealed class Reloader(
    string configFile, ConfigLoader loader, GenerationBuilder builder, Generations generations, Transports transports, Trail trail, ILogger<Reloader> log)
    : IReloader, IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    // The old generation goes in the background: the request that asked for the reload may be one of those it still has to answer.
    private Task _retiring = Task.CompletedTask;

    /// <summary>Makes a loaded document serve.</summary>
    /// <exception cref="GenerationException">Something did not start, or a transport cannot listen. What served before still does.</exception>
    public async Task ServeAsync(LoadedConfig loaded, CancellationToken cancel)
    {
        var previous = generations.Serving;
        var next = await builder.BuildAsync(loaded, previous, cancel);
        if (previous is null)
        {
            await generations.SwapAsync(next, next.Config.Server.ShutdownTimeout, cancel: cancel);
            await transports.ListenAsync(next, cancel);
            return;
        }
        try
        {
            // New transports listen before old ones let go: a port that both use never closes, and one that cannot be had costs nothing.
            await transports.ListenAsync(next, cancel);
        }
        catch
        {
            await next.DisposeAsync();
            throw;
        }
        await _retiring;
        _retiring = SwapAsync(next);
    }

    public async Task<ReloadOutcome> ReloadAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            var loaded = loader.Load(configFile);
            var problems = loaded.Problems.All;
            if (DatabaseChange(loaded) is { } changed)
            {
                loaded.Dispose();
                return await FailedAsync([changed]);
            }
            await ServeAsync(loaded, cancel);
            await trail.WriteAsync([Trail.Record("config.reloaded", true, null, Number())], cancel);
            log.LogInformation("Reloaded: generation {Number} serves", generations.Current.Number);
            return new ReloadOutcome(generations.Current.Number, problems);
        }
        catch (GenerationException fault)
        {
            return await FailedAsync(fault.Problems);
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task StopAsync(TimeSpan limit)
    {
        using var cut = new CancellationTokenSource(limit);
        await _retiring;
        await generations.StopAsync(limit, async (last, token) => await transports.UnbindAsync(last, null, token), cut.Token);
    }

    public void Dispose() => _one.Dispose();

    private async Task SwapAsync(Generation next)
    {
        var limit = next.Config.Server.ShutdownTimeout;
        using var cut = new CancellationTokenSource(limit);
        try
        {
            await generations.SwapAsync(next, limit, async (old, token) => await transports.UnbindAsync(old, next, token), cut.Token);
        }
        catch (Exception fault)
        {
            log.LogError(fault, "The generation before {Number} could not be taken apart: {Reason}", next.Number, fault.Message);
        }
    }

    private ConfigProblem? DatabaseChange(LoadedConfig loaded)
        => loaded.Core is { } core && core.Db.Url != generations.Current.Config.Db.Url
            ? new ConfigProblem(
                "restart-needed", configFile, 0, 0, "db.url", "cannot change while the server runs: its ledger is there; restart the server")
            : null;

    private async Task<ReloadOutcome> FailedAsync(IReadOnlyList<ConfigProblem> problems)
    {
        foreach (var problem in problems)
        {
            log.LogError("Not reloaded: {Problem}", problem.Text);
        }
        await trail.WriteAsync(
            [Trail.Record("config.reloaded", false, null, new Dictionary<string, string> { ["reason"] = problems[0].Text })],
            CancellationToken.None);
        return new ReloadOutcome(generations.Current.Number, problems);
    }

    private Dictionary<string, string> Number() => new() { ["generation"] = $"{generations.Current.Number}" };
}
