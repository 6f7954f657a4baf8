namespace Kipuka.Plugins.CaPkcs11;

/// <summary>Runs one call that may block on a thread of its own.</summary>
internal static class OwnThread
{
    /// <summary>Who is cancelled is freed at once; the call goes on, since C functions cannot be cancelled.</summary>
    public static Task<T> RunAsync<T>(Func<T> call, CancellationToken cancel)
        => Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(cancel);
}
