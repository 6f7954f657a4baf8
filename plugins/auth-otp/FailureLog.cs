namespace Kipuka.Plugins.AuthOtp;

/// <summary>The recent failures of one token or address, and its lockout.</summary>
/// <param name="Failures">Unix milliseconds, oldest first.</param>
/// <param name="LockedUntil">When the lockout ends, exclusive; null when none has begun.</param>
internal sealed record FailureLog(IReadOnlyList<long> Failures, DateTimeOffset? LockedUntil)
{
    public static readonly FailureLog Empty = new([], null);

    /// <summary>What is left of the lockout; null when there is none.</summary>
    public TimeSpan? Remaining(DateTimeOffset now) => LockedUntil > now ? LockedUntil - now : null;

    /// <summary>Counts one failure. The one that reaches the limit begins a lockout and a new count; during a lockout nothing counts.</summary>
    public FailureLog Count(DateTimeOffset now, int limit, TimeSpan window, TimeSpan lockout)
    {
        if (Remaining(now) is not null)
        {
            return this;
        }
        var moment = now.ToUnixTimeMilliseconds();
        var earliest = moment - (long)window.TotalMilliseconds;
        List<long> recent = [.. Failures.Where(time => time > earliest), moment];
        return recent.Count >= limit ? new FailureLog([], now + lockout) : new FailureLog(recent, null);
    }
}
