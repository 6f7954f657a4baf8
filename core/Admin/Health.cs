using System.Text.Json.Serialization;

namespace Kipuka.Admin;

/// <summary>The answer of /admin/health: the union of the book's two shapes (ruling 53).</summary>
internal sealed record Health(
    string Status,
    string Version,
    string Uptime,
    long UptimeSeconds,
    long UptimeSecs,
    int CaCount,
    HealthComponents Components,
    IReadOnlyList<CaHealth> Cas,
    DatabaseHealth Database,
    IReadOnlyList<PluginHealth> Plugins,
    IReadOnlyList<SinkHealth> Sinks,
    ConfigurationHealth Configuration);

/// <summary>Whether what serves is what kipuka.toml and the plugin folders say.</summary>
/// <param name="Status">Degraded when the last reload was refused, or when unpinned code serves beyond this machine.</param>
/// <param name="Generation">The one that serves.</param>
/// <param name="Problems">What is wrong, with file and line.</param>
internal sealed record ConfigurationHealth(string Status, int Generation, IReadOnlyList<string> Problems);

internal sealed record HealthComponents(string Database, IReadOnlyDictionary<string, string> Cas, string? Hsm);

/// <param name="LatencyMs">A moving average over signing and checks, milliseconds; null before the first.</param>
internal sealed record CaHealth(
    string Id, string? Label, string Status, DateTimeOffset? LastSignTime, DateTimeOffset? LastCheck, double? LatencyMs, int ConsecutiveFailures, string? Error);

internal sealed record DatabaseHealth(string Status, string Backend, int PoolSize, int ActiveConnections, int IdleConnections, int QueuedWrites, string? Error);

/// <param name="Instance">Its id.</param>
/// <param name="Plugin">Its plugin's name.</param>
/// <param name="Version">The plugin's.</param>
/// <param name="State">Started, serving, draining or stopped.</param>
/// <param name="Error">What was wrong with the last call of an authenticator, a transport or a strategy; CAs and sinks have entries of their own.</param>
internal sealed record PluginHealth(string Instance, string Plugin, string Version, string State, string? Error);

internal sealed record SinkHealth(string Instance, string Status, string? Error);

/// <summary>What a probe without credentials may know.</summary>
internal sealed record ProbeAnswer([property: JsonPropertyName("status")] string Status);
