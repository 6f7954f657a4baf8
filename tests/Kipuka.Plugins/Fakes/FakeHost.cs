using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Kipuka.Sdk;
using Microsoft.Extensions.Logging;

namespace Kipuka.Plugins.Tests.Fakes;

/// <summary>What a plugin sees of the server. Two of them with one store are two nodes.</summary>
public sealed class FakeHost : IPluginHost, IDisposable
{
    public FakeHost(ManualClock? clock = null, MemoryStore? store = null)
    {
        Time = clock ?? new ManualClock(new DateTimeOffset(2026, 6, 24, 10, 15, 0, TimeSpan.Zero));
        Memory = store ?? new MemoryStore(Time);
    }

    public ManualClock Time { get; }

    public MemoryStore Memory { get; }

    public ListLogger Log { get; } = new();

    public ConcurrentQueue<AuditRecord> Audit { get; } = new();

    public string Instance => "test:instance";

    public ILogger Logger => Log;

    public TimeProvider Clock => Time;

    public IPluginStore Store => Memory;

    public Meter Meter { get; } = new("Kipuka.Plugins.Tests");

    public ValueTask AuditAsync(string name, bool success, Identity? actor, IReadOnlyDictionary<string, string> fields, CancellationToken cancel)
    {
        Audit.Enqueue(new AuditRecord(name, success, actor, new Dictionary<string, string>(fields)));
        return ValueTask.CompletedTask;
    }

    public T? Find<T>()
        where T : class => null;

    public void Dispose() => Meter.Dispose();
}
