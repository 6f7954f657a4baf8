using System.Runtime.CompilerServices;
using Kipuka.Sdk;

namespace Kipuka.Tests.Ha;

/// <summary>A store in memory, for what writes without conditions.</summary>
internal sealed class MemoryStore(TimeProvider clock) : IPluginStore
{
    private readonly SortedDictionary<string, StoredValue> values = new(StringComparer.Ordinal);

    public ValueTask<StoredValue?> GetAsync(string key, CancellationToken cancel)
        => new(values.TryGetValue(key, out var value) && (value.Expires is not { } end || end > clock.GetUtcNow()) ? value : null);

    public ValueTask<bool> WriteAsync(StoreWrite write, CancellationToken cancel)
    {
        values.Remove(write.Key);
        if (write.Value is { } bytes) values[write.Key] = new StoredValue(write.Key, bytes, 1, write.Expires);
        return new(true);
    }

    public async IAsyncEnumerable<StoredValue> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var key in values.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).ToList())
        {
            if (await GetAsync(key, cancel) is { } value) yield return value;
        }
    }
}
