namespace Kipuka.Tests.Ha;

/// <summary>A clock that stands still until a test moves it, and whose timers fire while it moves, in their order.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private DateTimeOffset now = new(2026, 6, 24, 14, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        lock (gate) timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (true)
        {
            ManualTimer? next;
            lock (gate)
            {
                next = timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
                now = next is { Due: { } due } && due > now ? due : next is null ? end : now;
                next?.Reschedule();
            }
            if (next is null) return;
            next.Fire();
        }
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period = Timeout.InfiniteTimeSpan;

        public DateTimeOffset? Due { get; private set; }

        public void Fire() => callback(state);

        public void Reschedule() => Due = period == Timeout.InfiniteTimeSpan ? null : Due + period;

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (time.gate)
            {
                period = newPeriod;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : time.now + dueTime;
            }
            return true;
        }

        public void Dispose()
        {
            lock (time.gate) time.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
