using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Kipuka.Telemetry;

/// <summary>
/// Collects what the meters measure: for whoever scrapes it and, where a collector is configured, for that too, with the spans (OTLP over
/// HTTP). The standard variables (<c>OTEL_SERVICE_NAME</c>, <c>OTEL_RESOURCE_ATTRIBUTES</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c>,
/// <c>OTEL_TRACES_SAMPLER</c>, <c>OTEL_EXPORTER_OTLP_HEADERS</c>) are heard.
/// </summary>
internal sealed class Export : IDisposable
{
    // Every reload that upgrades a plugin brings its instruments anew, beside the old ones until those are collected.
    private const int MostInstruments = 10_000;
    private const int LimitMilliseconds = 5000;

    private readonly PrometheusText _text = new();
    private readonly Lock _gate = new();
    private readonly BaseExportingMetricReader _reader;
    private readonly MeterProvider _metrics;
    private readonly TracerProvider? _traces;

    /// <param name="meters">The names of the meters.</param>
    /// <param name="otlp">The collector's base address, such as <c>http://127.0.0.1:4318</c>; null for none.</param>
    public Export(IEnumerable<string> meters, Uri? otlp)
    {
        var resource = ResourceBuilder.CreateDefault();
        if (Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME") is null)
        {
            resource.AddService("kipuka", serviceVersion: Build.Version);
        }
        _reader = new BaseExportingMetricReader(_text);
        var builder = OpenTelemetry.Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter([.. meters]).SetMaxMetricStreams(MostInstruments).AddReader(_reader);
        if (otlp is not null)
        {
            builder.AddOtlpExporter(options => To(options, otlp, "v1/metrics"));
            _traces = OpenTelemetry.Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Traces.SourceName)
                .AddOtlpExporter(options => To(options, otlp, "v1/traces")).Build();
        }
        _metrics = builder.Build();
    }

    /// <summary>Everything as it stands now, in Prometheus' text format 0.0.4.</summary>
    public string Prometheus()
    {
        lock (_gate)
        {
            _reader.Collect(LimitMilliseconds);
            return _text.Text;
        }
    }

    /// <summary>Lets go of what instruments have measured whose plugin is gone. The SDK keeps that until it is collected once more.</summary>
    public void Forget() => Prometheus();

    public void Dispose()
    {
        // Both send what they still hold, and give up after their own limits.
        _traces?.Dispose();
        _metrics.Dispose();
    }

    private static void To(OtlpExporterOptions options, Uri collector, string signal)
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri(collector.AbsoluteUri.TrimEnd('/') + "/" + signal);
    }
}
