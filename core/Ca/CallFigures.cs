namespace Kipuka.Ca;

/// <summary>What is measured of the calls to one authority. Safe for concurrent use; outlives a reload.</summary>
internal sealed class CallFigures
{
    // The share of the newest call: the average forgets half of the past within three calls and 95 % within thirteen.
    private const double NewestShare = 0.2;

    private readonly Lock gate = new();
    private TimeSpan? latency;
    private DateTimeOffset? lastSigned;
    private int inFlight;

    /// <summary>Calls of <c>IssueAsync</c> in work.</summary>
    public int InFlight => Volatile.Read(ref inFlight);

    /// <summary>A moving average over signing and probes that worked; null before the first.</summary>
    public TimeSpan? Latency
    {
        get
        {
            lock (gate) return latency;
        }
    }

    /// <summary>When the last certificate was made; null before the first.</summary>
    public DateTimeOffset? LastSigned
    {
        get
        {
            lock (gate) return lastSigned;
        }
    }

    public void Begin() => Interlocked.Increment(ref inFlight);

    public void End() => Interlocked.Decrement(ref inFlight);

    public void Worked(TimeSpan took, DateTimeOffset? signed = null)
    {
        lock (gate)
        {
            latency = latency is { } before ? before + ((took - before) * NewestShare) : took;
            lastSigned = signed ?? lastSigned;
        }
    }

    /// <summary>A call that ended without an answer. One that let its caller wait is slow; one that failed quickly is not fast.</summary>
    public void Failed(TimeSpan took)
    {
        lock (gate)
        {
            if (latency is { } before && took > before) latency = before + ((took - before) * NewestShare);
        }
    }
}
