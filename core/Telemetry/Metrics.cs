using System.Diagnostics.Metrics;

namespace Kipuka.Telemetry;

/// <summary>What the server counts and times: every name once. What is only looked at when somebody asks is in the room Admin.</summary>
internal static class Metrics
{
    /// <summary>The meter of everything that is not a plugin's.</summary>
    public const string MeterName = "kipuka";

    private static readonly Meter Meter = new(MeterName, Build.Version);

    // From a key-value read to a CA that is asked across the world.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private static readonly InstrumentAdvice<int> Counts = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] };

    /// <summary>By <c>ca</c>, <c>label</c> and <c>result</c> (issued, pending, or the code of the refusal).</summary>
    public static Counter<long> Enrollments { get; } = Meter.CreateCounter<long>("kipuka_enrollments_total", null, "Requests for a first certificate");

    /// <summary>By <c>ca</c>, <c>label</c> and <c>result</c>.</summary>
    public static Counter<long> Reenrollments { get; } = Meter.CreateCounter<long>("kipuka_reenrollments_total", null, "Requests for a renewal");

    /// <summary>By <c>ca</c> and <c>reason</c> (RFC 5280 section 5.3.1).</summary>
    public static Counter<long> Revocations { get; } = Meter.CreateCounter<long>("kipuka_revocations_total", null, "Certificates revoked");

    /// <summary>By <c>endpoint</c>, <c>label</c> and <c>status</c>: what EST answered, anonymous reads too (ruling 55).</summary>
    public static Histogram<double> Requests { get; } = Duration("kipuka_request_duration_seconds", "EST requests, from the label to the answer");

    /// <summary>By <c>method</c>, <c>route</c> and <c>status</c>.</summary>
    public static Histogram<double> AdminRequests { get; } = Duration("kipuka_admin_request_duration_seconds", "Requests of the admin API");

    /// <summary>By <c>step</c> of the pipeline.</summary>
    public static Histogram<double> Steps { get; } = Duration("kipuka_enroll_step_duration_seconds", "The steps of requests for certificates");

    /// <summary>By <c>instance</c>, <c>call</c> and <c>outcome</c> (answered, failed, hung, cancelled).</summary>
    public static Histogram<double> PluginCalls { get; } = Duration("kipuka_plugin_call_duration_seconds", "Calls of plugins' instances");

    /// <summary>By <c>access</c> (read, write) and <c>outcome</c> (done, failed): what callers waited.</summary>
    public static Histogram<double> Store { get; } = Duration("kipuka_store_duration_seconds", "Reads, and writes until they are durable");

    /// <summary>How many writes shared one commit.</summary>
    public static Histogram<int> Commits { get; } =
        Meter.CreateHistogram("kipuka_store_commit_writes", null, "Writes that share one commit", null, Counts);

    private static Histogram<double> Duration(string name, string description) => Meter.CreateHistogram(name, "s", description, null, Seconds);
}
