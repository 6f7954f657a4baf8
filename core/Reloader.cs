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

    /// <summary>Makes a loaded document serve.</summary>
    /// <exception cref="GenerationException">Something did not start, or a transport cannot listen.</exception>
    public async Task ServeAsync(LoadedConfig loaded, CancellationToken cancel)
    {
        var next = await builder.BuildAsync(loaded, generations.Serving, cancel);
        await generations.SwapAsync(next, next.Config.Server.ShutdownTimeout, (old, token) => RetireAsync(old, next, token), cancel);
        await transports.ListenAsync(next, cancel);
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
        await generations.StopAsync(limit, (last, token) => RetireAsync(last, null, token), cut.Token);
    }

    public void Dispose() => _one.Dispose();

    // New transports listen before old ones let go: a port that both use never closes.
    private async ValueTask RetireAsync(Generation old, Generation? next, CancellationToken cancel)
    {
        if (next is not null)
        {
            await transports.ListenAsync(next, cancel);
        }
        await transports.UnbindAsync(old, next, cancel);
    }

    private ConfigProblem? DatabaseChange(LoadedConfig loaded)
        => loaded.Core is { } core && core.Db.Url != generations.Current.Config.Db.Url
            ? new ConfigProblem("restart-needed", configFile, 0, 0, "db.url", "cannot change while the server runs: its ledger is there; restart the server")
            : null;

    private async Task<ReloadOutcome> FailedAsync(IReadOnlyList<ConfigProblem> problems)
    {
        foreach (var problem in problems)
        {
            log.LogError("Not reloaded: {Problem}", problem.Text);
        }
        await trail.WriteAsync([Trail.Record("config.reloaded", false, null, new Dictionary<string, string> { ["reason"] = problems[0].Text })], CancellationToken.None);
        return new ReloadOutcome(generations.Current.Number, problems);
    }

    private Dictionary<string, string> Number() => new() { ["generation"] = $"{generations.Current.Number}" };
}
