namespace Kipuka.Plugins.CaPkcs11;

/// <summary>
/// How quickly the jobs of a pool move on, and so whether one more may wait for the threads that are at work. To wake another thread costs about half
/// of what a quick token's signature does, and signatures made one after another find the processor's caches warm.
/// </summary>
/// <remarks>Used by one thread at a time.</remarks>
internal sealed class Pace(TimeProvider clock)
{
    // Less than the way to any HSM on a network, and than RSA in software: those are better served by several threads at once.
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(0.5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(3);
    // More than a busy machine puts off a thread as a rule.
    private static readonly TimeSpan Stalled = TimeSpan.FromMilliseconds(10);

    private const double Step = 1.0625;
    private static readonly TimeSpan Least = Quick / 64;
    private static readonly TimeSpan Most = Quick * 4;

    // About the median, since a thread that is put off the processor once says nothing of the token: a step up or down with each job. Slow, until it is known.
    private TimeSpan usual = Most;
    private long lastBegun;

    /// <summary>A job is begun.</summary>
    /// <returns>The time, for <see cref="End"/>.</returns>
    public long Begin() => lastBegun = clock.GetTimestamp();

    /// <summary>A job that was begun then is done.</summary>
    public void End(long begun)
    {
        var next = clock.GetElapsedTime(begun) > usual ? usual * Step : usual / Step;
        usual = next < Least ? Least : next > Most ? Most : next;
    }

    /// <summary>A thread has nothing more to do. Those that are left may be ones that hang, so nobody waits for them until another job is begun.</summary>
    public void Rest() => lastBegun = clock.GetTimestamp() - (long)(Stalled.TotalSeconds * clock.TimestampFrequency);

    /// <summary>Whether one that comes behind so many others will be done soon without another thread, as far as can be known.</summary>
    /// <remarks>A call that takes long, or hangs, shows by nothing having been begun for a while.</remarks>
    public bool IsQuick(int waiting) => usual < Quick && usual * (waiting + 1) < LongestWait && clock.GetElapsedTime(lastBegun) < Stalled;
}
