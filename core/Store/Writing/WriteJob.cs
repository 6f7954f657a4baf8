namespace Kipuka.Store;

/// <summary>One write: its work, and the caller who waits until it is committed.</summary>
internal abstract class WriteJob
{
    /// <summary>Does the work inside the batch's transaction: once more for every time that the transaction has to be done again.</summary>
    /// <returns>False when nothing of it is to remain.</returns>
    public abstract bool Run(WriteBatch batch);

    /// <summary>What the work threw; null when it did not.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Whether it was cancelled before it began, so that there is nothing to undo.</summary>
    public bool IsCancelled => Fault is OperationCanceledException;

    /// <summary>The commit succeeded: lets the caller go on with the work's result, or its own fault.</summary>
    public abstract void Complete();

    /// <summary>The commit failed, so the work did not happen.</summary>
    public abstract void Fail(Exception fault);
}

/// <inheritdoc />
internal sealed class WriteJob<T>(Func<WriteBatch, T> work, CancellationToken cancel) : WriteJob
{
    // The writer thread must not run what the callers do next.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Done => _done.Task;


    public override bool Run(WriteBatch batch)
    {
        try
        {
            Fault = null;
            // The last moment to stop: a write is cancelled before it begins or not at all, so that the caller always knows.
            cancel.ThrowIfCancellationRequested();
            batch.Undo = false;
            _result = work(batch);
            if (!batch.Session.IsSpeculative)
            {
                // What was put off is this job's still, and so is its fault.
                batch.Session.Flush();
            }

            return !batch.Undo;
        }
        catch (Exception fault)
        {
            Fault = fault;
            return false;
        }
    }

    public override void Complete()
    {
        switch (Fault)
        {
            case null:
                _done.TrySetResult(_result!);
                break;
            case OperationCanceledException when cancel.IsCancellationRequested:
                _done.TrySetCanceled(cancel);
                break;
            default:
                _done.TrySetException(Fault);
                break;
        }
    }

    public override void Fail(Exception fault)
    {
        if (Fault is null)
        {
            _done.TrySetException(fault);
        }
        else
        {
            Complete();
        }
    }
}
