namespace Kipuka.Ha;

/// <summary>
/// The circuit breaker of one CA (ruling 54). Closed (healthy, degraded) it lets requests through and counts failures in a row; open it lets
/// nothing through until the recovery time is over; then single checks decide. It hears of requests and checks, and does nothing itself.
/// </summary>
/// <remarks>Safe for concurrent use. What hangs up, and what a CA refuses, is never told to it: neither says anything about the CA.</remarks>
/// <param name="authority">The CA's id, for the reports.</param>
/// <param name="settings">Thresholds and times.</param>
/// <param name="clock">What it decides, it decides by timestamps, so that a set clock does not keep a circuit open; its time of day is for reports.</param>
/// <param name="changed">Told every change of state, after it happened.</param>
internal sealed class Breaker(string authority, GroupSettings settings, TimeProvider clock, Action<HealthChange> changed)
{
    /// <summary>The open time doubles this often: to 16 times the recovery time.</summary>
    private const int MostDoublings = 4;

    private readonly Lock gate = new();
    private readonly Queue<HealthChange> changes = new();
    private BreakerState state = BreakerState.Healthy;
    private string? reason;
    private bool checking;
    private int requestFailures;
    private int checkFailures;
    private int checkSuccesses;
    private int doublings;
    private long lastRequestFailure;
    private long opened;
    private TimeSpan openFor;
    private long? recovered;
    private DateTimeOffset since = clock.GetUtcNow();
    private long timesOpened;

    public GroupSettings Settings => settings;

    public BreakerState State
    {
        get
        {
            lock (gate) return state;
        }
    }

    public bool IsClosed => State is BreakerState.Healthy or BreakerState.Degraded;

    /// <summary>When the next probe may be made; zero where nothing has to be waited for.</summary>
    public TimeSpan RetryAfter
    {
        get
        {
            lock (gate) return Left;
        }
    }

    /// <summary>Failures in a row, of requests or of checks, whichever are more.</summary>
    public int ConsecutiveFailures
    {
        get
        {
            lock (gate) return Math.Max(requestFailures, checkFailures);
        }
    }

    /// <summary>Why the state is not healthy; null while it is.</summary>
    public string? Reason
    {
        get
        {
            lock (gate) return state == BreakerState.Healthy ? null : reason;
        }
    }

    /// <summary>Everything that people and metrics want to know of it, as of one moment.</summary>
    public BreakerFigures Figures
    {
        get
        {
            lock (gate) return new BreakerFigures(state, since, Math.Max(requestFailures, checkFailures), settings.FailureThreshold, timesOpened, Left);
        }
    }

    /// <summary>The breaker of the same CA under other settings: a reload that changes a threshold heals nobody.</summary>
    public Breaker With(GroupSettings others)
    {
        var next = new Breaker(authority, others, clock, changed);
        lock (gate)
        {
            (next.state, next.reason, next.since, next.timesOpened) = (state, reason, since, timesOpened);
            (next.requestFailures, next.checkFailures, next.checkSuccesses) = (requestFailures, checkFailures, checkSuccesses);
            (next.lastRequestFailure, next.doublings, next.opened, next.recovered) = (lastRequestFailure, doublings, opened, recovered);
            next.openFor = others.RecoveryTimeout * (1 << doublings);
        }
        return next;
    }

    /// <summary>A request got its certificate.</summary>
    public void RequestSucceeded() => Run(() =>
    {
        if (Closed) Recover("a certificate was issued");
    });

    /// <summary>A request got no answer. Late ones, of requests that began before the circuit opened, prolong nothing.</summary>
    public void RequestFailed(string reason) => Run(() =>
    {
        if (!Closed) return;
        lastRequestFailure = clock.GetTimestamp();
        requestFailures++;
        Count(requestFailures, reason);
    });

    /// <summary>Asks for the right to make the one check that may be under way. Whoever gets it must report one of the three outcomes.</summary>
    /// <param name="atOnce">An operator wants to know now, whatever is left of the recovery time (book: "Manual operator override").</param>
    public bool TryBeginCheck(bool atOnce = false) => Run(() =>
    {
        if (checking) return false;
        if (state == BreakerState.CircuitOpen)
        {
            if (Left > TimeSpan.Zero && !atOnce) return false;
            checkSuccesses = 0;
            Change(BreakerState.Recovering, Left > TimeSpan.Zero ? "an operator asks for a probe" : "the recovery time is over");
        }
        checking = true;
        return true;
    });

    public void CheckSucceeded() => Run(() =>
    {
        checking = false;
        if (state == BreakerState.Recovering)
        {
            if (++checkSuccesses >= settings.SuccessThreshold) Recover("a probe succeeded");
        }
        else if (Closed)
        {
            checkFailures = 0;
            // A CA whose probe works but which fails requests must not be forgiven by every probe: only after a quiet recovery time.
            if (requestFailures == 0 || clock.GetElapsedTime(lastRequestFailure) >= settings.RecoveryTimeout) Recover("a check succeeded");
        }
    });

    public void CheckFailed(string reason) => Run(() =>
    {
        checking = false;
        if (state == BreakerState.Recovering)
        {
            doublings = Math.Min(doublings + 1, MostDoublings);
            Open(reason);
        }
        else if (Closed)
        {
            checkFailures++;
            Count(checkFailures, reason);
        }
    });

    /// <summary>The check was not carried through, because the server or the generation stops.</summary>
    public void CheckAbandoned() => Run(() => checking = false);

    /// <summary>Opens the circuit at start, for what cannot be reached then (ruling 54).</summary>
    public void Trip(string reason) => Run(() =>
    {
        if (state != BreakerState.CircuitOpen) Open(reason);
    });

    private TimeSpan Left => state == BreakerState.CircuitOpen ? Max(openFor - clock.GetElapsedTime(opened), TimeSpan.Zero) : TimeSpan.Zero;

    private bool Closed => state is BreakerState.Healthy or BreakerState.Degraded;

    private void Count(int failures, string reason)
    {
        if (failures < settings.FailureThreshold)
        {
            Change(BreakerState.Degraded, reason);
            return;
        }
        // What fails again soon goes on where it was: a CA that comes and goes all day moves its group's traffic as rarely as one that is away.
        doublings = recovered is { } back && clock.GetElapsedTime(back) < settings.RecoveryTimeout * (1 << MostDoublings)
            ? Math.Min(doublings + 1, MostDoublings)
            : 0;
        Change(BreakerState.Unhealthy, $"{failures} failures in a row, the last: {reason}");
        Open(reason);
    }

    private void Open(string reason)
    {
        opened = clock.GetTimestamp();
        openFor = settings.RecoveryTimeout * (1 << doublings);
        timesOpened++;
        Change(BreakerState.CircuitOpen, $"{reason}; next probe in {openFor.TotalSeconds:0.###} s");
    }

    private void Recover(string reason)
    {
        (requestFailures, checkFailures) = (0, 0);
        if (state == BreakerState.Recovering) recovered = clock.GetTimestamp();
        Change(BreakerState.Healthy, reason);
    }

    private void Change(BreakerState to, string why)
    {
        reason = why;
        if (state == to) return;
        changes.Enqueue(new HealthChange(authority, state, to, why));
        (state, since) = (to, clock.GetUtcNow());
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private void Run(Action step) => Run(() =>
    {
        step();
        return true;
    });

    // Listeners are told outside the lock, so that one may ask for the state; by the thread that made the change.
    private T Run<T>(Func<T> step)
    {
        T result;
        HealthChange[] made;
        lock (gate)
        {
            result = step();
            made = [.. changes];
            changes.Clear();
        }
        foreach (var change in made) changed(change);
        return result;
    }
}
