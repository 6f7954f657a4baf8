using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kipuka.Sdk;

namespace Kipuka.Ha;

/// <summary>
/// Operators' forced failovers, one for each group at most. They stand in the shared database, so that they hold on every node and outlive reloads and
/// restarts. Safety stays with the breakers: what is forced onto a CA that fails goes to the others all the same.
/// </summary>
/// <param name="store">Where they stand.</param>
/// <param name="clock">The clock.</param>
internal sealed class Failovers(IPluginStore store, TimeProvider clock)
{
    private const string Prefix = "failover/";

    // Another node's changes are seen this much later; this node's at once.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private volatile Known? known;
    private long changes;

    /// <summary>What holds of a group now; null when its strategy alone decides. From memory, most of the time.</summary>
    public async ValueTask<ForcedFailover?> FindAsync(string group, CancellationToken cancel)
        => (await CurrentAsync(cancel)).GetValueOrDefault(group) is { } forced && forced.ExpiresAt > clock.GetUtcNow() ? forced : null;

    /// <summary>Takes the place of what held of the group before. Durable when it completes.</summary>
    public Task SetAsync(ForcedFailover forced, CancellationToken cancel)
        => WriteAsync(new StoreWrite(Key(forced.Group), JsonSerializer.SerializeToUtf8Bytes(forced), Expires: forced.ExpiresAt), cancel);

    /// <returns>False when nothing held of the group.</returns>
    public async Task<bool> EndAsync(string group, CancellationToken cancel)
    {
        if (await store.GetAsync(Key(group), cancel) is null) return false;
        await WriteAsync(new StoreWrite(Key(group), default(ReadOnlyMemory<byte>?)), cancel);
        return true;
    }

    private async Task WriteAsync(StoreWrite write, CancellationToken cancel)
    {
        await store.WriteAsync(write, cancel);
        Interlocked.Increment(ref changes);
        known = null;
    }

    private async ValueTask<IReadOnlyDictionary<string, ForcedFailover>> CurrentAsync(CancellationToken cancel)
    {
        if (known is { } fresh && clock.GetElapsedTime(fresh.Read) < Fresh) return fresh.All;
        var (before, now) = (Interlocked.Read(ref changes), clock.GetTimestamp());
        Dictionary<string, ForcedFailover> all = [];
        await foreach (var stored in store.ListAsync(Prefix, cancel))
        {
            var forced = JsonSerializer.Deserialize<ForcedFailover>(stored.Value.Span)!;
            all[forced.Group] = forced;
        }
        // What was read before a change of this node's own would hide it.
        if (before == Interlocked.Read(ref changes)) known = new Known(all, now);
        return all;
    }

    // A group may have any name.
    private static string Key(string group) => Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(group)));

    private sealed record Known(IReadOnlyDictionary<string, ForcedFailover> All, long Read);
}
