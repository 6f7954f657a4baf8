namespace Kipuka.Config.Checks;

/// <summary><c>[telemetry]</c>.</summary>
internal static class TelemetryChecks
{
    public static void Run(CheckReport report, TelemetryConfig telemetry)
    {
        if (telemetry.Otlp is null) return;
        if (!Uri.TryCreate(telemetry.Otlp, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")
            || address.Query.Length > 0 || address.UserInfo.Length > 0)
        {
            report.Fail("bad-value", "telemetry.otlp",
                "must be the base address of an OTLP/HTTP collector, such as \"http://127.0.0.1:4318\"; credentials go into OTEL_EXPORTER_OTLP_HEADERS");
        }
    }
}
