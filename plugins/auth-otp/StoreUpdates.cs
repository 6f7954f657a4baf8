using Kipuka.Sdk;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>Read, decide, write if unchanged: the one way in which anything of this plugin changes in the shared store.</summary>
internal sealed class StoreUpdates(IPluginStore store) : IDisposable
{
    private const int Tries = 64;

    // Requests of this node queue here for a value instead of colliding in the database; what remains are the other nodes.
    private readonly SemaphoreSlim[] gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>
    /// Asks <paramref name="decide"/> what to write over the value as it stands, again whenever another writer came first. A decision
    /// without a write ends it.
    /// </summary>
    /// <exception cref="TimeoutException">Other nodes changed the value again and again.</exception>
    public async ValueTask<T> UpdateAsync<T>(string key, Func<StoredValue?, (StoreWrite? Write, T Result)> decide, CancellationToken cancel)
    {
        var gate = gates[(uint)key.GetHashCode(StringComparison.Ordinal) % gates.Length];
        await gate.WaitAsync(cancel);
        try
        {
            for (var attempt = 0; attempt < Tries; attempt++)
            {
                var (write, result) = decide(await store.GetAsync(key, cancel));
                if (write is null || await store.WriteAsync(write, cancel))
                {
                    return result;
                }
            }
            throw new TimeoutException($"The stored value was changed by other nodes {Tries} times in a row.");
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        foreach (var gate in gates)
        {
            gate.Dispose();
        }
    }
}
