namespace Kipuka.Enroll;

/// <summary>Lets equal requests in one after the other: the second finds what the first left in the ledger (ruling 44).</summary>
internal sealed class Twins
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Gate> _gates = [];

    /// <summary>The number of different requests in work.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _gates.Count;
            }
        }
    }

    /// <summary>Waits for the twin; null when it takes longer than the patience.</summary>
    public async Task<IDisposable?> EnterAsync(string key, TimeSpan patience, CancellationToken cancel)
    {
        Gate gate;
        lock (_lock)
        {
            gate = _gates.TryGetValue(key, out var known) ? known : _gates[key] = new Gate();
            gate.Users++;
        }
        var entered = false;
        try
        {
            entered = await gate.Semaphore.WaitAsync(patience, cancel);
            return entered ? new Turn(this, key, gate) : null;
        }
        finally
        {
            if (!entered)
            {
                Forget(key, gate);
            }
        }
    }

    private void Forget(string key, Gate gate)
    {
        lock (_lock)
        {
            if (--gate.Users == 0)
            {
                _gates.Remove(key);
                gate.Semaphore.Dispose();
            }
        }
    }

    private sealed class Gate
    {
        public SemaphoreSlim Semaphore { get; } = new(1);

        public int Users { get; set; }
    }

    private sealed class Turn(Twins twins, string key, Gate gate) : IDisposable
    {
        public void Dispose()
        {
            gate.Semaphore.Release();
            twins.Forget(key, gate);
        }
    }
}
