using System.Diagnostics.Metrics;
using Kipuka.Audit;
using Kipuka.Catalog;
using Kipuka.Ha;
using Kipuka.Store;
using Kipuka.Telemetry;

namespace Kipuka.Admin;

/// <summary>What is not counted but looked at, when somebody asks for it.</summary>
internal sealed class Gauges : IDisposable
{
    private readonly Meter _meter = new(Metrics.MeterName, Build.Version);
    private readonly Generations _generations;
    private readonly IReloader _reloader;
    private readonly Ledger _ledger;
    private LedgerFigures? _figures;

    public Gauges(Generations generations, IReloader reloader, Database database, Ledger ledger)
    {
        (_generations, _reloader, _ledger) = (generations, reloader, ledger);
        Of("kipuka_build_info", "The version that runs", () => [new(1, new("version", Build.Version), new("engine", database.Engine))]);
        // Half a count would look like a loss of certificates.
        Of("kipuka_active_certificates", "Certificates that are neither revoked nor expired; nothing while they are still being counted", () =>
            _figures is { IsComplete: true } figures ? [.. Members().Select(member => new Measurement<long>(figures.Of(member.Id).Active, Ca(member.Id)))] : []);
        OfMembers("kipuka_ca_health", "1 while the CA may be used, else 0", member => member.IsUsable ? 1 : 0);
        OfMembers("kipuka_ca_in_flight", "Calls of the CA in work", member => member.Authority.InFlight);
        OfMembers("kipuka_ca_consecutive_failures", "Calls and checks that failed since the last that worked", member => member.Breaker.ConsecutiveFailures);
        Of("kipuka_ca_state", "1 for the state that the CA is in", () => [.. Members().SelectMany(member => Enum.GetValues<BreakerState>().Select(state =>
            new Measurement<long>(member.State == state ? 1 : 0, Ca(member.Id), new("state", state.Word()))))]);
        Of("kipuka_ca_certificate_expiry_timestamp_seconds", "When the issuing certificate ends", () => [.. Members().Where(member => member.Authority.HasCertificates)
            .Select(member => new Measurement<long>(member.Authority.Issuer.NotAfter.ToUnixTimeSeconds(), Ca(member.Id)))]);
        Of("kipuka_generation", "The number of the generation that serves", () => [new(_generations.Serving?.Number ?? 0)]);
        Of("kipuka_config_last_reload_successful", "0 when the last reload was refused", () => [new(_reloader.Last is { Succeeded: false } ? 0 : 1)]);
        Of("kipuka_plugin_leaked_contexts", "Plugin folders whose code was unloaded and is still in memory", () =>
            [.. _reloader.LeakedPlugins.GroupBy(folder => folder).Select(folder => new Measurement<long>(folder.Count(), new KeyValuePair<string, object?>("plugin", folder.Key)))]);
        Of("kipuka_plugin_instance_up", "0 when the instance's last call failed or hung", () => [.. Instances().Select(instance =>
            new Measurement<long>(instance.Guard.Fault is null ? 1 : 0, new KeyValuePair<string, object?>("instance", instance.Id)))]);
        Of("kipuka_audit_sink_up", "0 while the sink takes no records", () => [.. Sinks()]);
        Of("kipuka_store_connections", "Connections to the database", () =>
            [new(database.Pool.Active, new KeyValuePair<string, object?>("state", "active")), new(database.Pool.Idle, new KeyValuePair<string, object?>("state", "idle"))]);
        Of("kipuka_store_connections_limit", "What max_connections allows", () => [new(database.Pool.Max)]);
        Of("kipuka_store_queued_writes", "Writes that wait for the next commit", () => [new(database.Pool.QueuedWrites)]);
    }

    /// <summary>Counts what is not looked up at once.</summary>
    public async Task RefreshAsync(CancellationToken cancel) => _figures = await _ledger.FiguresAsync(cancel);

    public void Dispose() => _meter.Dispose();

    private void Of(string name, string description, Func<IEnumerable<Measurement<long>>> look) => _meter.CreateObservableGauge(name, look, null, description);

    private void OfMembers(string name, string description, Func<CaMember, long> look)
        => Of(name, description, () => [.. Members().Select(member => new Measurement<long>(look(member), Ca(member.Id)))]);

    private IEnumerable<CaMember> Members() => _generations.Serving?.Part<CaGroups>().Members ?? [];

    private IEnumerable<Instance> Instances() => _generations.Serving?.Instances ?? [];

    private IEnumerable<Measurement<long>> Sinks()
    {
        var down = _generations.Serving?.Part<Sinks>().Faults.Select(fault => fault.Instance).ToHashSet() ?? [];
        return Instances().Where(instance => instance.Kind == "audit").Select(instance =>
            new Measurement<long>(down.Contains(instance.Id) ? 0 : 1, new KeyValuePair<string, object?>("instance", instance.Id)));
    }

    private static KeyValuePair<string, object?> Ca(string id) => new("ca", id);
}
