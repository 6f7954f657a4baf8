namespace Kipuka.Plugins.CaPkcs11;

/// <summary>One use of a session that somebody waits for.</summary>
internal abstract class SessionJob
{
    /// <summary>Nobody waits for it any more.</summary>
    public abstract bool IsOver { get; }

    /// <summary>Does it; may be called again when it throws.</summary>
    public abstract void Run(KeySession session);

    /// <summary>Gives the result of the last run to who waits.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception fault);
}

/// <inheritdoc/>
internal sealed class SessionJob<T> : SessionJob
{
    // The thread with the session must go on working, not run what waits for it.
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration cancellation;
    private readonly Func<KeySession, T> work;
    private T? result;

    public SessionJob(Func<KeySession, T> work, CancellationToken cancel)
    {
        this.work = work;
        // Frees who waits, also when the call into the module hangs: C functions cannot be cancelled.
        cancellation = cancel.UnsafeRegister(static (job, token) => ((SessionJob<T>)job!).done.TrySetCanceled(token), this);
    }

    public Task<T> Result => done.Task;

    public override bool IsOver => done.Task.IsCompleted;

    public override void Run(KeySession session) => result = work(session);

    public override void Complete()
    {
        cancellation.Unregister();
        if (!done.TrySetResult(result!))
        {
            (result as IDisposable)?.Dispose();
        }
    }

    public override void Fail(Exception fault)
    {
        cancellation.Unregister();
        done.TrySetException(fault);
    }
}
