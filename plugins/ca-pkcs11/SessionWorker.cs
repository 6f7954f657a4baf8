namespace Kipuka.Plugins.CaPkcs11;

/// <summary>A thread of the pool, as those see it who give it work.</summary>
/// <remarks>An event of its own costs less than a monitor that all share: whoever is woken by that has to wait for the lock of who woke it.</remarks>
internal sealed class SessionWorker : IDisposable
{
    private readonly AutoResetEvent woken = new(false);

    /// <summary>What it is to do next; set before it starts or is woken.</summary>
    public SessionJob? Job { get; set; }

    /// <summary>When it began what it does; its own thread sets it.</summary>
    public long Begun { get; set; }

    public SessionJob? Take()
    {
        var job = Job;
        Job = null;
        return job;
    }

    public void Wake() => woken.Set();

    public void Sleep() => woken.WaitOne();

    public void Dispose() => woken.Dispose();
}
