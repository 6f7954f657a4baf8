namespace Kipuka.Tests.Catalog;

/// <summary>A clock whose timers go off when the test says so.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly List<Timer> timers = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(callback, state);
        lock (timers)
        {
            timers.Add(timer);
        }
        return timer;
    }

    /// <summary>Lets every timer go off that has been made and not been disposed.</summary>
    public void Fire()
    {
        List<Timer> due;
        lock (timers)
        {
            due = [.. timers];
        }
        due.ForEach(timer => timer.Fire());
    }

    private sealed class Timer(TimerCallback callback, object? state) : ITimer
    {
        private bool isDisposed;

        public void Fire()
        {
            if (!isDisposed)
            {
                callback(state);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => !isDisposed;

        public void Dispose() => isDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
