namespace Kipuka.Plugins.CaPkcs11;

/// <summary>One signature that somebody waits for.</summary>
internal sealed class SigningJob
{
    // The thread that signs must go on signing, not run what waits for the signature.
    private readonly TaskCompletionSource<byte[]> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration cancellation;

    public SigningJob(ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        Data = data;
        // Frees who waits, also when the call into the module hangs: C functions cannot be cancelled.
        cancellation = cancel.UnsafeRegister(static (job, token) => ((SigningJob)job!).done.TrySetCanceled(token), this);
    }

    public ReadOnlyMemory<byte> Data { get; }

    public Task<byte[]> Signature => done.Task;

    /// <summary>Nobody waits for it any more.</summary>
    public bool IsOver => done.Task.IsCompleted;

    public void Complete(byte[] signature)
    {
        cancellation.Unregister();
        done.TrySetResult(signature);
    }

    public void Fail(Exception fault)
    {
        cancellation.Unregister();
        done.TrySetException(fault);
    }
}
