using System.Diagnostics;

namespace Kipuka.Telemetry;

/// <summary>Spans, which cost nothing while nobody collects them. Nothing that a client sent stands in one but the label it found.</summary>
internal static class Traces
{
    public const string SourceName = "kipuka";

    private static readonly ActivitySource Source = new(SourceName, Build.Version);

    /// <summary>A request. It follows no trace of the client's: clients do not decide what is collected here.</summary>
    public static Activity? Request(string operation)
    {
        // What the web server began for itself is no parent either.
        Activity.Current = null;
        return Source.StartActivity(operation, ActivityKind.Server);
    }

    public static Activity? Step(string name) => Source.StartActivity(name);
}
