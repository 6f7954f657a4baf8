using System.Diagnostics;

namespace Kipuka.Telemetry;

/// <summary>Times what is done one after the other; used by one request at a time.</summary>
internal sealed class Steps : IDisposable
{
    private readonly TimeProvider _clock;
    private string _name;
    private long _began;
    private Activity? _span;

    public Steps(TimeProvider clock, string first)
    {
        _clock = clock;
        _name = first;
        _began = clock.GetTimestamp();
        _span = Traces.Step(first);
    }

    /// <summary>The step before has ended and this one begins.</summary>
    public void Next(string name)
    {
        End();
        (_name, _began, _span) = (name, _clock.GetTimestamp(), Traces.Step(name));
    }

    public void Dispose() => End();

    private void End()
    {
        Metrics.Steps.Record(_clock.GetElapsedTime(_began).TotalSeconds, new KeyValuePair<string, object?>("step", _name));
        _span?.Dispose();
    }
}
