namespace Kipuka.Plugins.AuthOtp;

/// <summary>Bounds how many secrets are hashed at a time and how many requests wait: nobody can make the server hash without end.</summary>
internal sealed class HashQueue(int parallelism, int waiting) : IDisposable
{
    private readonly SemaphoreSlim slots = new(parallelism, parallelism);
    private int present;

    /// <summary>Runs the work off the caller's thread, when its turn comes.</summary>
    /// <returns>Whether it ran, and its result; false when the queue is full.</returns>
    public async ValueTask<(bool Ran, T? Result)> TryRunAsync<T>(Func<T> work, CancellationToken cancel)
    {
        try
        {
            if (Interlocked.Increment(ref present) > parallelism + waiting)
            {
                return (false, default);
            }
            await slots.WaitAsync(cancel);
            try
            {
                // Once begun it ends: a client that hangs up does not escape the count of its failures.
                return (true, await Task.Run(work, CancellationToken.None));
            }
            finally
            {
                slots.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref present);
        }
    }

    public void Dispose() => slots.Dispose();
}
