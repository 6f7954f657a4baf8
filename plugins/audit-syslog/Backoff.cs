namespace Kipuka.Plugins.AuditSyslog;

/// <summary>Pauses between attempts to connect: 1 s, doubled up to 30 s, and from the beginning after a connection that lasted.</summary>
internal sealed class Backoff(TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(30);

    private TimeSpan next = First;
    private TimeSpan pause;
    private long since = clock.GetTimestamp();
    private string reason = "";

    /// <exception cref="IOException">It is too early for another attempt; the message is that of the last one.</exception>
    public void Ask()
    {
        var left = pause - clock.GetElapsedTime(since);
        if (left > TimeSpan.Zero)
        {
            throw new IOException($"{reason} (next attempt in {Math.Ceiling(left.TotalSeconds):0} s)");
        }
    }

    public void Opened() => (since, pause) = (clock.GetTimestamp(), TimeSpan.Zero);

    /// <summary>An attempt failed, or a connection has ended. One that lasted is made anew at once; one that did not is a failed attempt.</summary>
    public void Failed(string why, bool wasOpen)
    {
        reason = why;
        if (wasOpen && clock.GetElapsedTime(since) >= Lasting)
        {
            (next, pause) = (First, TimeSpan.Zero);
            return;
        }
        (pause, since) = (next, clock.GetTimestamp());
        next = next * 2 < Longest ? next * 2 : Longest;
    }
}
