using Kipuka.Audit;
using Kipuka.Catalog;
using Kipuka.Config;
using Kipuka.Telemetry;
using Kipuka.Transport;
using Microsoft.Extensions.Logging;

namespace Kipuka;

/// <summary>Takes the server from one generation to the next: at the start, at SIGHUP, at POST /admin/reload, and at the end.</summary>
internal sealed class Reloader : IReloader, IDisposable
{
    private readonly string _configFile;
    private readonly ConfigLoader _loader;
    private readonly GenerationBuilder _builder;
    private readonly Generations _generations;
    private readonly Transports _transports;
    private readonly Trail _trail;
    private readonly GenerationTrail _life;
    private readonly Export _export;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly PluginWatch _watch;
    private readonly SemaphoreSlim _one = new(1);
    private readonly CancellationTokenSource _ending = new();
    private readonly HashSet<string> _refused = [];
    private string _plugins = "";

    // The old generation goes in the background: the request that asked for the reload may be one of those it still has to answer.
    private Task _retiring = Task.CompletedTask;

    public Reloader(
        string configFile, ConfigLoader loader, GenerationBuilder builder, Generations generations, Transports transports, Trail trail, GenerationTrail life, Export export, TimeProvider clock,
        ILogger<Reloader> log, ILogger<PluginWatch> watchLog)
    {
        (_clock, _life, _export) = (clock, life, export);
        (_configFile, _loader, _builder, _generations, _transports, _trail, _log) = (configFile, loader, builder, generations, transports, trail, log);
        _watch = new PluginWatch(() => _ = ReloadChangedAsync(), clock, watchLog);
    }

    public ReloadOutcome? Last { get; private set; }

    public IReadOnlyList<string> LeakedPlugins => _loader.Contexts.Leaked();

    /// <summary>Makes a loaded document serve.</summary>
    /// <exception cref="GenerationException">Something did not start, or a transport cannot listen. What served before still does.</exception>
    public async Task ServeAsync(LoadedConfig loaded, CancellationToken cancel)
    {
        await AuditRefusedAsync(loaded.Problems.All);
        var previous = _generations.Serving;
        (_plugins, var directories) = (loaded.Plugins, loaded.Directories);
        var next = await _builder.BuildAsync(loaded, previous, cancel);
        if (previous is null)
        {
            await _generations.SwapAsync(next, next.Config.Server.ShutdownTimeout, cancel: cancel);
            await _life.StartedAsync(next, null);
            await _transports.ListenAsync(next, cancel);
            _watch.Follow(directories);
            return;
        }
        try
        {
            // New transports listen before old ones let go: a port that both use never closes, and one that cannot be had costs nothing.
            await _transports.ListenAsync(next, cancel);
        }
        catch
        {
            await next.DisposeAsync();
            throw;
        }
        // Beside those that are still going, not after them: what drains may have to answer the very request that reloads again.
        _retiring = Task.WhenAll(_retiring, SwapAsync(next));
        await _life.StartedAsync(next, previous);
        _watch.Follow(directories);
    }

    public async Task<ReloadOutcome> ReloadAsync(CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ending.Token);
        try
        {
            await _one.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            return new ReloadOutcome(
                _generations.Serving?.Number ?? 0, [new ConfigProblem("stopping", _configFile, 0, 0, null, "the server stops, so nothing is reloaded")]);
        }
        try
        {
            return Last = await ReloadAsync(_loader.Load(_configFile), either.Token);
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task StopAsync()
    {
        await _ending.CancelAsync();
        // What is being built ends first; nothing is built after it, for the turn is not given back.
        await _one.WaitAsync(CancellationToken.None);
        await _retiring;
        var last = _generations.Serving;
        var limit = last?.Config.Server.ShutdownTimeout ?? TimeSpan.Zero;
        using var cut = new CancellationTokenSource(limit);
        await _generations.StopAsync(limit, async (old, token) => await _transports.UnbindAsync(old, null, token), cut.Token);
        if (last is not null)
        {
            await _life.StoppedAsync(last, null);
        }
    }

    public void Dispose()
    {
        _watch.Dispose();
        _ending.Dispose();
        _one.Dispose();
    }

    private async Task<ReloadOutcome> ReloadAsync(LoadedConfig loaded, CancellationToken cancel)
    {
        var problems = loaded.Problems.All;
        try
        {
            if (DatabaseChange(loaded) is { } changed)
            {
                loaded.Dispose();
                return await FailedAsync([changed]);
            }
            await ServeAsync(loaded, cancel);
            await _trail.WriteAsync([Reloaded(true, Number())], CancellationToken.None);
            _log.LogInformation("Reloaded: generation {Number} serves", _generations.Current.Number);
            return new ReloadOutcome(_generations.Current.Number, problems);
        }
        catch (GenerationException fault)
        {
            return await FailedAsync(fault.Problems);
        }
        catch (Exception fault) when (!cancel.IsCancellationRequested)
        {
            // Nobody has foreseen it, so the log has all of it; the operator is told where every other reason is told.
            _log.LogError(fault, "The reload failed: {Reason}", fault.Message);
            return await FailedAsync([new ConfigProblem("reload-failed", _configFile, 0, 0, null, $"{fault.GetType().Name}: {fault.Message}")]);
        }
    }

    // Something in a plugin directory has changed. What leaves every folder as it was (a touched file, a listing) is no reason to reload.
    private async Task ReloadChangedAsync()
    {
        try
        {
            await _one.WaitAsync(_ending.Token);
            try
            {
                var loaded = _loader.Load(_configFile);
                if (loaded.Plugins == _plugins)
                {
                    loaded.Dispose();
                    return;
                }
                _log.LogInformation("The plugin folders have changed");
                // Also when it fails: the same fault need not be told twice.
                _plugins = loaded.Plugins;
                Last = await ReloadAsync(loaded, _ending.Token);
            }
            finally
            {
                _one.Release();
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The server stops.
        }
        catch (Exception fault)
        {
            _log.LogError(fault, "The reload after a change of the plugin folders failed: {Reason}", fault.Message);
        }
    }

    // Once for each folder and reason, at whichever reload it is found.
    private async Task AuditRefusedAsync(IReadOnlyList<ConfigProblem> problems)
    {
        await _trail.WriteAsync(
            [.. problems.Where(problem => problem.Code == "plugin-refused" && _refused.Add(problem.Message))
                .Select(problem => Trail.Record("plugin.refused", false, null, new Dictionary<string, string> { ["reason"] = problem.Message }))],
            CancellationToken.None);
    }

    private async Task SwapAsync(Generation next)
    {
        var limit = next.Config.Server.ShutdownTimeout;
        using var cut = new CancellationTokenSource(limit);
        try
        {
            var previous = _generations.Current;
            await _generations.SwapAsync(next, limit, async (old, token) => await _transports.UnbindAsync(old, next, token), cut.Token);
            await _life.StoppedAsync(previous, next);
        }
        catch (Exception fault)
        {
            _log.LogError(fault, "The generation before {Number} could not be taken apart: {Reason}", next.Number, fault.Message);
        }
        _export.Forget();
        // Its plugins' code goes with it, or somebody is told which does not.
        foreach (var leaked in await _loader.Contexts.CollectAsync(_clock, _ending.Token))
        {
            _log.LogWarning("The code of the plugin folder {Plugin} stays in memory, although nothing uses it: something of its own holds it", leaked);
        }
    }

    private ConfigProblem? DatabaseChange(LoadedConfig loaded)
        => loaded.Core is { } core && core.Db.Url != _generations.Current.Config.Db.Url
            ? new ConfigProblem(
                "restart-needed", _configFile, 0, 0, "db.url", "cannot change while the server runs: its ledger is there; restart the server")
            : null;

    private async Task<ReloadOutcome> FailedAsync(IReadOnlyList<ConfigProblem> problems)
    {
        foreach (var problem in problems)
        {
            _log.LogError("Not reloaded: {Problem}", problem.Text);
        }
        _export.Forget();
        await _trail.WriteAsync(
            [Reloaded(false, new Dictionary<string, string> { ["reason"] = problems[0].Text })],
            CancellationToken.None);
        return new ReloadOutcome(_generations.Current.Number, problems);
    }

    private static Store.AuditRecord Reloaded(bool succeeded, Dictionary<string, string> fields)
        => Trail.Record("config.reloaded", succeeded, AuditScope.Current?.Actor, fields) with { Source = AuditScope.Current?.Source };

    private Dictionary<string, string> Number() => new() { ["generation"] = $"{_generations.Current.Number}" };
}
