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

    /// <summary>Set, the journal takes nothing: as if the server were killed before it could.</summary>
    public Exception? AuditFault { get; set; }

    public string Instance => "test:instance";

    public ILogger Logger => Log;

    public TimeProvider Clock => Time;

    public IPluginStore Store => Memory;

    public Meter Meter { get; } = new("Kipuka.Plugins.Tests");

    public ValueTask AuditAsync(string name, bool success, Identity? actor, IReadOnlyDictionary<string, string> fields, CancellationToken cancel)
    {
        if (AuditFault is { } fault)
        {
            throw fault;
        }
        Audit.Enqueue(new AuditRecord(name, success, actor, new Dictionary<string, string>(fields)));
        return ValueTask.CompletedTask;
    }

    // Both or neither: a journal that takes nothing undoes the write.
    public async ValueTask<bool> WriteAsync(StoreWrite write, AuditNote note, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(note);
        if (AuditFault is { } fault)
        {
            throw fault;
        }
        if (!await Memory.WriteAsync(write, cancel))
        {
            return false;
        }
        await AuditAsync(note.Name, note.Success, note.Actor, note.Fields, cancel);
        return true;
    }

    public T? Find<T>()
        where T : class => null;

    public void Dispose() => Meter.Dispose();
}
