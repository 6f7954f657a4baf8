using Kipuka.Pki;

namespace Kipuka.Enroll;

/// <summary>
/// Makes keys. RSA keys take up to seconds of a core each, so only so many are made at once; those beyond wait a moment, then are sent away.
/// </summary>
internal sealed class KeyMaker(int atOnce, TimeSpan patience) : IDisposable
{
    private readonly SemaphoreSlim _free = new(atOnce);

    /// <summary>Null when none could be made in time. The caller disposes of the key.</summary>
    public async Task<GeneratedKey?> MakeAsync(KeyType type, CancellationToken cancel)
    {
        if (type.Family != KeyFamily.Rsa)
        {
            return GeneratedKey.Create(type);
        }
        if (!await _free.WaitAsync(patience, cancel))
        {
            return null;
        }
        try
        {
            // On a thread of its own: the pool's have other requests to answer.
            return await Task.Factory.StartNew(
                () => GeneratedKey.Create(type), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();
}
