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
    private readonly CancellationTokenSource _hurry = new();
    private Task _retired = Task.CompletedTask;

    /// <summary>Makes a loaded document serve.</summary>
    /// <exception cref="GenerationException">Something did not start, or a transport cannot listen.</exception>
    public async Task ServeAsync(LoadedConfig loaded, CancellationToken cancel)
    {
        // One retirement at a time: what the generation before last shared with the last is still coming apart.
        await _retired;
        var next = await builder.BuildAsync(loaded, generations.Serving, cancel);
        var listening = new TaskCompletionSource();
        // Not waited for: the old generation drains the very request that asked for the reload.
        _retired = SwapAsync(next, listening.Task);
        if (_retired.IsFaulted)
        {
            await _retired;
        }
        try
        {
            await transports.ListenAsync(next, cancel);
        }
        finally
        {
            listening.SetResult();
        }
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
        _hurry.CancelAfter(limit);
        await generations.StopAsync(limit, (last, token) => new ValueTask(transports.UnbindAsync(last, null, token)), _hurry.Token);
        await _retired;
    }

    public void Dispose()
    {
        _one.Dispose();
        _hurry.Dispose();
    }

    private async Task SwapAsync(Generation next, Task listening)
    {
        var limit = next.Config.Server.ShutdownTimeout;
        try
        {
            await generations.SwapAsync(next, limit, (old, _) => RetireAsync(old, next, listening, limit), _hurry.Token);
        }
        catch (Exception fault) when (generations.Serving == next)
        {
            log.LogError(fault, "The generation before {Number} came apart with a fault: {Reason}", next.Number, fault.Message);
        }
    }

    // New transports listen before old ones let go: a port that both use never closes.
    private async ValueTask RetireAsync(Generation old, Generation next, Task listening, TimeSpan limit)
    {
        await listening;
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(_hurry.Token);
        cut.CancelAfter(limit);
        await transports.UnbindAsync(old, next, cut.Token);
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
