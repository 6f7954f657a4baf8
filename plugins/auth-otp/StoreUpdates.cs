using Kipuka.Sdk;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>Read, decide, write if unchanged: the one way in which anything of this plugin changes in the shared store.</summary>
internal sealed class StoreUpdates(IPluginHost host) : IDisposable
{
    private const int Tries = 64;

    // Requests of this node queue here for a value instead of colliding in the database; what remains are the other nodes.
    private readonly SemaphoreSlim[] gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>
    /// Asks <paramref name="decide"/> what to write over the value as it stands, and what to record of it, again whenever another writer came
    /// first. A decision without a write ends it.
    /// </summary>
    /// <exception cref="TimeoutException">Other nodes changed the value again and again.</exception>
    public async ValueTask<T> UpdateAsync<T>(string key, Func<StoredValue?, (StoreWrite? Write, AuditNote? Note, T Result)> decide, CancellationToken cancel)
    {
        var gate = gates[(uint)key.GetHashCode(StringComparison.Ordinal) % gates.Length];
        await gate.WaitAsync(cancel);
        try
        {
            for (var attempt = 0; attempt < Tries; attempt++)
            {
                var (write, note, result) = decide(await host.Store.GetAsync(key, cancel));
                if (write is null || await WriteAsync(write, note, cancel))
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

    private ValueTask<bool> WriteAsync(StoreWrite write, AuditNote? note, CancellationToken cancel)
        => note is null ? host.Store.WriteAsync(write, cancel) : host.WriteAsync(write, note, cancel);

    public void Dispose()
    {
        foreach (var gate in gates)
        {
            gate.Dispose();
        }
    }
}
