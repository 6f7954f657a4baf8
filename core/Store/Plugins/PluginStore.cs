using System.Runtime.CompilerServices;
using Kipuka.Sdk;

namespace Kipuka.Store;

/// <summary>One instance's view of the plugin data.</summary>
internal sealed class PluginStore(Database database, PluginData data, string instance) : IPluginStore
{
    private const int Page = 100;

    public async ValueTask<StoredValue?> GetAsync(string key, CancellationToken cancel)
    {
        PluginData.CheckKey(key);
        return await database.ReadAsync(session => PluginRows.Get(session, instance, key, database.Clock.GetUtcNow()), cancel);
    }

    public async ValueTask<bool> WriteAsync(StoreWrite write, CancellationToken cancel)
    {
        PluginData.Check(write);
        PluginWrite mine = new(instance, write);
        return await database.WriteAsync(batch => data.Apply(batch, mine), cancel);
    }

    // In pages, so that no connection is held while the plugin thinks.
    public async IAsyncEnumerable<StoredValue> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (prefix.Length > 0)
        {
            PluginData.CheckKey(prefix);
        }

        // Keys are ASCII: the texts with a prefix end before the prefix with its last character raised by one.
        string end = prefix.Length == 0 ? "\x7f" : prefix[..^1] + (char)(prefix[^1] + 1);
        string after = "";
        while (true)
        {
            List<StoredValue> page = await database.ReadAsync(
                session => PluginRows.List(session, instance, prefix, end, after, Page, database.Clock.GetUtcNow()), cancel);
            foreach (StoredValue value in page)
            {
                yield return value;
            }

            if (page.Count < Page)
            {
                yield break;
            }

            after = page[^1].Key;
        }
    }
}
