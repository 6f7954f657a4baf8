namespace Kipuka.Config;

/// <summary><c>[telemetry]</c>.</summary>
internal sealed record TelemetryConfig
{
    /// <summary>The base address of an OpenTelemetry collector (OTLP over HTTP): metrics and traces go there. Read at the start only.</summary>
    public string? Otlp { get; init; }
}
