using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Kipuka.Sdk.Tck;

/// <summary>The plugins' store in memory, with the rules of the real one: versions, compare-and-set, expiry, limits of keys and values.</summary>
/// <param name="clock">Decides what has expired.</param>
public sealed partial class TckStore(TimeProvider clock) : IPluginStore
{
    private const int LargestValue = 64 * 1024;

    private readonly SortedDictionary<string, StoredValue> values = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>Set, every call throws it: the database is away.</summary>
    public Exception? Fault { get; set; }

    /// <summary>How often it was called.</summary>
    public int Calls { get; private set; }

    /// <summary>How many writes it took.</summary>
    public int Writes { get; private set; }

    /// <inheritdoc/>
    public async ValueTask<StoredValue?> GetAsync(string key, CancellationToken cancel)
    {
        CheckKey(key);
        await BeginAsync(cancel);
        lock (gate)
        {
            return Live(key);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WriteAsync(StoreWrite write, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(write);
        CheckKey(write.Key);
        await BeginAsync(cancel);
        return Apply(write);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredValue> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Length > 0)
        {
            CheckKey(prefix);
        }
        await BeginAsync(cancel);
        List<StoredValue> found;
        lock (gate)
        {
            found = [.. values.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Select(Live).OfType<StoredValue>()];
        }
        foreach (var value in found)
        {
            yield return value;
        }
    }

    /// <summary>Commits a write as the host does with the one of a spent credential.</summary>
    /// <returns>False when its condition did not hold.</returns>
    public bool Apply(StoreWrite write)
    {
        ArgumentNullException.ThrowIfNull(write);
        CheckKey(write.Key);
        if (write.Value?.Length > LargestValue)
        {
            throw new ArgumentException($"The value of '{write.Key}' has {write.Value?.Length} bytes; {LargestValue} is the most.", nameof(write));
        }
        if (write.IfVersion < 0)
        {
            throw new ArgumentException($"The write of '{write.Key}' asks for version {write.IfVersion}; versions begin at 1.", nameof(write));
        }
        lock (gate)
        {
            var current = Live(write.Key);
            if (write.IfVersion is { } version && version != (current?.Version ?? 0))
            {
                return false;
            }
            Writes++;
            values.Remove(write.Key);
            if (write.Value is { } value)
            {
                values[write.Key] = new StoredValue(write.Key, value.ToArray(), (current?.Version ?? 0) + 1, write.Expires);
            }
            return true;
        }
    }

    private async ValueTask BeginAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate)
        {
            Calls++;
        }
        await Task.Yield();
        if (Fault is { } fault)
        {
            throw fault;
        }
    }

    private StoredValue? Live(string key) => values.TryGetValue(key, out var value) && !(value.Expires <= clock.GetUtcNow()) ? value : null;

    private static void CheckKey(string key)
    {
        if (!KeyPattern().IsMatch(key))
        {
            throw new ArgumentException($"'{key}' is no key: keys are 1 to 200 characters of [A-Za-z0-9._/-].", nameof(key));
        }
    }

    [GeneratedRegex("^[A-Za-z0-9._/-]{1,200}\\z", RegexOptions.NonBacktracking)]
    private static partial Regex KeyPattern();
}
