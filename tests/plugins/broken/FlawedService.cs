namespace Kipuka.TestPlugins.Broken;

/// <summary>What goes wrong in services of every kind.</summary>
internal abstract class FlawedService : IAsyncDisposable
{
    private int stops;
    private int inside;

    protected FlawedService(string flaw)
    {
        Flaw = flaw;
        if (flaw == "unload")
        {
            AppDomain.CurrentDomain.ProcessExit += OnExit;
        }
    }

    public Action Stopped { get; set; } = () => { };

    protected string Flaw { get; }

    protected bool Has(string flaw) => Flaw == flaw;

    protected void Enter(CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(stops > 0 && !Has("after-dispose"), this);
        if (cancel.IsCancellationRequested)
        {
            throw Has("cancel") ? new InvalidOperationException("Why was it cancelled?") : new OperationCanceledException(cancel);
        }
    }

    /// <summary>True for a call that finds another one at work, which is what a service without guards would stumble over.</summary>
    protected async Task<bool> CollidesAsync()
    {
        if (!Has("concurrency"))
        {
            return false;
        }
        var others = Interlocked.Increment(ref inside) > 1;
        await Task.Delay(5);
        others |= Volatile.Read(ref inside) > 1;
        Interlocked.Decrement(ref inside);
        return others;
    }

    public virtual ValueTask DisposeAsync()
    {
        if (Interlocked.Increment(ref stops) > 1)
        {
            return Has("dispose") ? throw new InvalidOperationException("It was disposed before.") : default;
        }
        Stopped();
        return default;
    }

    private void OnExit(object? sender, EventArgs e) => Stopped();
}
