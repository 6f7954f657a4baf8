using System.Collections.Concurrent;

namespace Kipuka.Plugins.AuthGssapi;

/// <summary>The exchanges that wait for their client's next token, by connection: so many at most, and none for long.</summary>
internal sealed class Exchanges(TimeProvider clock) : IDisposable
{
    public const int Capacity = 4096;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<long, Exchange> waiting = new();
    private long nextSweep = DateTimeOffset.MinValue.UtcTicks;

    public int Count => waiting.Count;

    /// <summary>The connection's exchange, which is now the caller's; null when there is none or its time is over.</summary>
    public Exchange? Take(long connection)
    {
        if (!waiting.TryRemove(connection, out var exchange))
        {
            return null;
        }
        if (exchange.Deadline > clock.GetUtcNow())
        {
            return exchange;
        }
        exchange.Dispose();
        return null;
    }

    /// <returns>False when there is no room; the exchange stays the caller's.</returns>
    public bool TryKeep(long connection, Exchange exchange) => waiting.Count < Capacity && waiting.TryAdd(connection, exchange);

    /// <summary>Drops those whose time is over. Every request may call it: it looks through them once in a while only.</summary>
    public void Sweep()
    {
        var now = clock.GetUtcNow();
        var due = Interlocked.Read(ref nextSweep);
        if (now.UtcTicks < due || Interlocked.CompareExchange(ref nextSweep, (now + Patience / 2).UtcTicks, due) != due)
        {
            return;
        }
        foreach (var (connection, exchange) in waiting.Where(pair => pair.Value.Deadline <= now))
        {
            if (waiting.TryRemove(KeyValuePair.Create(connection, exchange)))
            {
                exchange.Dispose();
            }
        }
    }

    public void Dispose()
    {
        foreach (var connection in waiting.Keys)
        {
            if (waiting.TryRemove(connection, out var exchange))
            {
                exchange.Dispose();
            }
        }
    }
}
