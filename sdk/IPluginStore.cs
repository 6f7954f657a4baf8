namespace Kipuka.Sdk;

/// <summary>A small key-value store in the shared database: the instance's own keys, seen alike by every node.</summary>
/// <remarks>
/// Keys are 1 to 200 characters of <c>[A-Za-z0-9._/-]</c>; values at most 64 KiB. Each value has a version, which makes compare-and-set: the
/// way to be correct with many nodes. Writes are durable when the call completes. A database outage is an exception.
/// </remarks>
public interface IPluginStore
{
    /// <summary>Reads one value; null when there is none or it has expired.</summary>
    ValueTask<StoredValue?> GetAsync(string key, CancellationToken cancel);

    /// <summary>Writes or deletes one value.</summary>
    /// <returns>False when the condition of the write did not hold: read again, decide again.</returns>
    ValueTask<bool> WriteAsync(StoreWrite write, CancellationToken cancel);

    /// <summary>All values whose key begins with the prefix, in the order of their keys.</summary>
    IAsyncEnumerable<StoredValue> ListAsync(string prefix, CancellationToken cancel);
}

/// <summary>A value as read.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its bytes.</param>
/// <param name="Version">1 when written first, one more with every write.</param>
/// <param name="Expires">When it disappears by itself; null for never.</param>
public sealed record StoredValue(string Key, ReadOnlyMemory<byte> Value, long Version, DateTimeOffset? Expires);

/// <summary>A write, as a value: the host can commit it together with its own records (see <c>IOneTimeCredential</c>).</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The new bytes; null deletes.</param>
/// <param name="IfVersion">Null writes in any case; 0 only if the key does not exist; otherwise only over exactly this version.</param>
/// <param name="Expires">When the value disappears by itself; null for never.</param>
public sealed record StoreWrite(string Key, ReadOnlyMemory<byte>? Value, long? IfVersion = null, DateTimeOffset? Expires = null);
