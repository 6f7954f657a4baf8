using System.Buffers;
using Kipuka.Sdk;

namespace Kipuka.Store;

/// <summary>The plugins' keys and values, each instance's apart from the others'.</summary>
internal sealed class PluginData(Database database)
{
    private const int LongestKey = 200;
    private const int LargestValue = 64 * 1024;
    private const int SweptAtOnce = 64;

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/-");

    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    // Only the writer's thread reads and writes it.
    private DateTimeOffset _nextSweep;

    /// <summary>An instance's store.</summary>
    public IPluginStore For(string instance) => new PluginStore(database, this, instance);

    /// <summary>Refuses what no store takes, before anything is begun.</summary>
    public static void Check(IReadOnlyList<PluginWrite> writes)
    {
        foreach (PluginWrite write in writes)
        {
            Check(write.Write);
        }
    }

    public static void Check(StoreWrite write)
    {
        CheckKey(write.Key);
        if (write.Value?.Length > LargestValue)
        {
            throw new ArgumentException($"The value of '{write.Key}' has {write.Value?.Length} bytes; {LargestValue} is the most.");
        }

        if (write.IfVersion < 0)
        {
            throw new ArgumentException($"The write of '{write.Key}' asks for version {write.IfVersion}; versions begin at 1.");
        }
    }

    public static void CheckKey(string key)
    {
        if (key.Length is 0 or > LongestKey || key.AsSpan().ContainsAnyExcept(KeyCharacters))
        {
            throw new ArgumentException($"'{key}' is no key: keys are 1 to {LongestKey} characters of [A-Za-z0-9._/-].");
        }
    }

    /// <summary>Does a write and appends records to the journal, both or neither.</summary>
    /// <returns>False when the write's condition did not hold.</returns>
    public Task<bool> WriteAsync(PluginWrite write, Journal journal, IReadOnlyList<AuditRecord> records, CancellationToken cancel)
    {
        Check(write.Write);
        return database.WriteAsync(
            batch =>
            {
                bool done = Apply(batch, write);
                if (done)
                {
                    journal.Append(batch, records);
                }

                return done;
            },
            cancel);
    }

    /// <summary>Does a write inside a transaction that may also do something else.</summary>
    /// <returns>False when its condition did not hold.</returns>
    internal bool Apply(WriteBatch batch, PluginWrite write)
    {
        DateTimeOffset now = database.Clock.GetUtcNow();
        if (now >= _nextSweep)
        {
            // A little at a time, in the shadow of writes: where nobody writes, nothing gathers.
            bool more = PluginRows.Sweep(batch.Session, now, SweptAtOnce) == SweptAtOnce;
            _nextSweep = more ? now : now + SweepEvery;
        }

        return PluginRows.Write(batch.Session, write.Instance, write.Write, now);
    }
}
