namespace Kipuka.Est;

/// <summary>Bounds the requests in work (ruling 1). Those beyond wait a moment, then are sent away.</summary>
internal sealed class Workers(int number) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _free = new(number);

    /// <summary>Null when none became free in time.</summary>
    public async Task<IDisposable?> EnterAsync(CancellationToken cancel)
        => await _free.WaitAsync(Patience, cancel) ? new Place(_free) : null;

    public void Dispose() => _free.Dispose();

    private sealed class Place(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
