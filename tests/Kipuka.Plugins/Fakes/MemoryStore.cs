using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Kipuka.Sdk;

namespace Kipuka.Plugins.Tests.Fakes;

/// <summary>The shared store with the contract's rules: versions, compare-and-set, expiry, key and value limits. Several hosts may share one.</summary>
public sealed partial class MemoryStore(TimeProvider clock) : IPluginStore
{
    private readonly SortedDictionary<string, StoredValue> values = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>Called before every write, outside the lock: the place for another writer to come first.</summary>
    public Func<StoreWrite, ValueTask>? BeforeWrite { get; set; }

    /// <summary>Called after every read, outside the lock: what was read may be out of date by now.</summary>
    public Func<string, ValueTask>? AfterRead { get; set; }

    public int Writes { get; private set; }

    public async ValueTask<StoredValue?> GetAsync(string key, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Assert.Matches(Key(), key);
        await Task.Yield();
        StoredValue? found;
        lock (gate)
        {
            found = Live(key);
        }
        if (AfterRead is { } after)
        {
            await after(key);
        }
        return found;
    }

    public async ValueTask<bool> WriteAsync(StoreWrite write, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(write);
        cancel.ThrowIfCancellationRequested();
        Assert.Matches(Key(), write.Key);
        Assert.True(write.Value is null || write.Value.Value.Length <= 64 * 1024, "a value is at most 64 KiB");
        await Task.Yield();
        if (BeforeWrite is { } before)
        {
            await before(write);
        }
        return Commit(write);
    }

    /// <summary>What the host does with the write of a spent credential: its own transaction.</summary>
    public bool Commit(StoreWrite write)
    {
        ArgumentNullException.ThrowIfNull(write);
        lock (gate)
        {
            var current = Live(write.Key);
            if (write.IfVersion is { } version && version != (current?.Version ?? 0))
            {
                return false;
            }
            Writes++;
            if (write.Value is { } value)
            {
                values[write.Key] = new StoredValue(write.Key, value.ToArray(), (current?.Version ?? 0) + 1, write.Expires);
            }
            else
            {
                values.Remove(write.Key);
            }
            return true;
        }
    }

    public async IAsyncEnumerable<StoredValue> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        List<StoredValue> found;
        lock (gate)
        {
            found = [.. values.Keys.ToList().Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Select(Live).OfType<StoredValue>()];
        }
        foreach (var value in found)
        {
            cancel.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return value;
        }
    }

    private StoredValue? Live(string key)
        => values.TryGetValue(key, out var value) && !(value.Expires <= clock.GetUtcNow()) ? value : null;

    [GeneratedRegex("^[A-Za-z0-9._/-]{1,200}\\z")]
    private static partial Regex Key();
}
