using System.Net;

namespace Kipuka.Audit;

/// <summary>
/// Keeps a flood of unauthenticated failures out of the journal: beyond ten a minute of one kind from one source they are counted, and the
/// count becomes one record (ruling 55). Thread-safe.
/// </summary>
internal sealed class FailureDamper(TimeProvider clock)
{
    private const int PerMinute = 10;
    private const int MaxSources = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(IPAddress Source, string Name), Count> _counts = [];

    /// <summary>Whether this failure is written by itself.</summary>
    public bool Admits(IPAddress source, string name)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            var key = (source, name);
            if (!_counts.TryGetValue(key, out var count))
            {
                // Too many sources at once: they share one count rather than memory without bound.
                key = _counts.Count < MaxSources ? key : (IPAddress.None, name);
                _counts.TryGetValue(key, out count);
            }
            count ??= new Count(now);
            _counts[key] = count;
            count.Seen++;
            return count.Seen <= PerMinute;
        }
    }

    /// <summary>Takes out what was counted in windows that are over: source, kind and number of each.</summary>
    public IReadOnlyList<(IPAddress Source, string Name, int Number)> Collect()
    {
        lock (_lock)
        {
            var over = clock.GetUtcNow() - Window;
            var ended = _counts.Where(entry => entry.Value.Began <= over).ToList();
            foreach (var entry in ended)
            {
                _counts.Remove(entry.Key);
            }
            return [.. ended.Where(entry => entry.Value.Seen > PerMinute).Select(entry => (entry.Key.Source, entry.Key.Name, entry.Value.Seen - PerMinute))];
        }
    }

    private sealed class Count(DateTimeOffset began)
    {
        public DateTimeOffset Began => began;

        public int Seen { get; set; }
    }
}
