using System.Data.Common;
using System.Net;
using Kipuka.Audit;
using Kipuka.Catalog;
using Kipuka.Ha;
using Kipuka.Sdk;
using Kipuka.Store;
using Kipuka.Telemetry;

namespace Kipuka.Admin;

/// <summary>Looks at everything the server needs; the worst component wins.</summary>
internal sealed class HealthReport(Generations generations, IReloader reloader, Database database, TimeProvider clock)
{
    private static readonly string[] Order = ["healthy", "degraded", "unhealthy"];
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(5);

    private readonly long _started = clock.GetTimestamp();

    public async Task<Health> ReportAsync(CancellationToken cancel)
    {
        var generation = generations.Current;
        var cas = Cas();
        var store = await DatabaseAsync(cancel);
        var plugins = await Task.WhenAll(generation.Instances.Select(instance => PluginAsync(instance, cancel)));
        List<SinkHealth> sinks = [.. generation.OfKind("audit").Select(instance => Sink(instance, generation.Part<Sinks>()))];
        var uptime = clock.GetElapsedTime(_started);
        var seconds = (long)uptime.TotalSeconds;
        var hsm = cas.Where(ca => generation.Find($"ca:{ca.Id}")?.Plugin.Tables.Contains("hsm") == true).Select(ca => Grade(ca.Status)).ToList();
        var configuration = Configuration(generation);
        var services = plugins.Any(plugin => plugin.Error is not null) ? "degraded" : "healthy";
        var status = Worst([store.Status, Issuing(cas), configuration.Status, services, .. sinks.Select(sink => sink.Status)]);
        return new Health(
            status,
            Build.Version,
            $"{uptime.Days}d {uptime.Hours}h {uptime.Minutes}m",
            seconds,
            seconds,
            cas.Count,
            new HealthComponents(store.Status, cas.ToDictionary(ca => ca.Id, ca => ca.Status), hsm.Count > 0 ? Worst(hsm) : null),
            cas,
            store,
            plugins,
            sinks,
            configuration);
    }

    private ConfigurationHealth Configuration(Generation generation)
    {
        List<string> problems = reloader.Last is { Succeeded: false } refused
            ? [.. refused.Problems.Where(problem => !problem.IsWarning).Select(problem => $"not reloaded: {problem.Text}")]
            : [];
        // On this machine alone it is how plugins are built.
        if (!IPAddress.IsLoopback(generation.Config.Server.Listen.Address))
        {
            problems.AddRange(generation.Instances.Where(instance => instance.Trust.State == TrustState.Unpinned)
                .Select(instance => $"{instance} is not pinned ([plugins] unpinned = true)"));
        }
        return new ConfigurationHealth(problems.Count == 0 ? "healthy" : "degraded", generation.Number, problems);
    }

    public IReadOnlyList<CaHealth> Cas()
    {
        var config = generations.Current.Config;
        var groups = generations.Current.Part<CaGroups>();
        return [.. config.Authorities.Select(ca => groups.Find(ca.Id)!).Select(member => new CaHealth(
            member.Id,
            LabelOf(member.Id),
            member.State.Word(),
            member.Authority.LastSigned,
            member.Authority.LastProbed,
            member.Authority.TypicalLatency is { } latency ? Math.Round(latency.TotalMilliseconds, 3) : null,
            member.Breaker.ConsecutiveFailures,
            member.Reason))];
    }

    /// <summary>The label that leads to a CA: its own, or the first that names it; null for none.</summary>
    public string? LabelOf(string authority)
    {
        var config = generations.Current.Config;
        return config.Authorities.First(ca => ca.Id == authority).Label ?? config.Est.Labels.FirstOrDefault(label => label.CaId == authority)?.Name;
    }

    public async Task<DatabaseHealth> DatabaseAsync(CancellationToken cancel)
    {
        var pool = database.Pool;
        string? error = null;
        try
        {
            await database.ProbeAsync(cancel).WaitAsync(ProbeLimit, clock, cancel);
        }
        catch (Exception fault) when (fault is DatabaseException or DbException or TimeoutException)
        {
            error = fault.Message;
        }
        return new DatabaseHealth(
            error is null ? "healthy" : "unhealthy", database.Engine, pool.Max, pool.Active, pool.Idle, pool.QueuedWrites, error);
    }

    /// <summary>Whether the server can issue at all: the database answers and some CA of every group is usable.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancel)
        => generations.Serving is { } generation
            && generation.Part<CaGroups>().All.All(group => group.Members.Any(member => member.IsUsable))
            && (await DatabaseAsync(cancel)).Status == "healthy";

    // A group with a usable member still enrolls: that is degraded, not unhealthy (book, "degraded").
    private string Issuing(IReadOnlyList<CaHealth> cas)
    {
        var groups = generations.Current.Part<CaGroups>().All;
        if (groups.Any(group => !group.Members.Any(member => member.IsUsable)))
        {
            return "unhealthy";
        }
        return cas.All(ca => ca.Status == "healthy") ? "healthy" : "degraded";
    }

    private static async Task<PluginHealth> PluginAsync(Instance instance, CancellationToken cancel)
    {
        string? error = null;
        if (instance.Kind is not ("ca" or "audit"))
        {
            error = instance.As<IHealthProbe>() is { } probe ? await ProbeAsync(instance, probe, cancel) : instance.Guard.Fault;
        }
        return new PluginHealth(instance.Id, instance.Plugin.Name, instance.Plugin.Version.ToString(), instance.State, error);
    }

    private static async Task<string?> ProbeAsync(Instance instance, IHealthProbe probe, CancellationToken cancel)
    {
        try
        {
            await instance.Guard.CallAsync("health check", probe.ProbeAsync, ProbeLimit, cancel);
            return null;
        }
        catch (PluginFaultException fault)
        {
            return fault.Message;
        }
    }

    private static SinkHealth Sink(Instance instance, Sinks sinks)
    {
        var fault = sinks.Faults.FirstOrDefault(fault => fault.Instance == instance.Id).Reason;
        return new SinkHealth(instance.Id, fault is null ? "healthy" : "degraded", fault);
    }

    private static string Grade(string state) => state is "circuit_open" or "recovering" ? "unhealthy" : state;

    private static string Worst(IEnumerable<string> states) => Order[states.Max(state => Array.IndexOf(Order, state))];
}
