using System.Collections.Concurrent;
using Kipuka.Catalog;
using Kipuka.Sdk.Audit;
using Kipuka.Store;
using Microsoft.Extensions.Logging;

namespace Kipuka.Audit;

/// <summary>The sinks of a generation, each with its pump.</summary>
internal sealed class Sinks(bool required) : IAsyncDisposable
{
    private readonly List<(string Instance, SinkPump Pump)> _pumps = [];

    /// <summary>Why nothing may be issued; null when every sink works or none is required.</summary>
    public string? RequiredFault => required ? Faults.Select(fault => $"{fault.Instance}: {fault.Reason}").FirstOrDefault() : null;

    /// <summary>The sinks that take nothing at the moment.</summary>
    public IEnumerable<(string Instance, string Reason)> Faults
        => _pumps.Where(sink => sink.Pump.Fault is not null).Select(sink => (sink.Instance, sink.Pump.Fault!));

    /// <summary>The last record of a node that every sink has taken; sinks that came after the node was gone do not count.</summary>
    public async Task<long> TakenAsync(string node, CancellationToken cancel)
    {
        var taken = long.MaxValue;
        foreach (var (_, pump) in _pumps)
        {
            taken = Math.Min(taken, await pump.TakenAsync(node, cancel) ?? long.MaxValue);
        }
        return taken;
    }

    public void Add(string instance, SinkPump pump) => _pumps.Add((instance, pump));

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, pump) in _pumps)
        {
            await pump.DisposeAsync();
        }
    }
}

/// <summary>Starts the pumps of a new generation.</summary>
internal sealed class SinksBuilder(Journal journal, PluginData data, TimeProvider clock, ILogger<SinkPump> log) : IGenerationPart, IDisposable
{
    private readonly ConcurrentDictionary<string, SinkPosition> _positions = [];

    public ValueTask BuildAsync(Generation generation, CancellationToken cancel)
    {
        var audit = generation.Config.Audit;
        if (audit.Events.FirstOrDefault(word => !EventNames.IsKnown(word)) is { } unknown)
        {
            throw new GenerationException(
                $"[audit] events names {unknown}, which is no event; use a name such as cert.issued, a glob such as auth.*, or enroll, renew, reject, revoke");
        }
        var filter = new EventFilter(audit.Events);
        var sinks = new Sinks(audit.Required);
        foreach (var instance in generation.OfKind("audit"))
        {
            var position = _positions.GetOrAdd(instance.Id, id => new SinkPosition(data.For(id), journal.Node));
            sinks.Add(
                instance.Id, new SinkPump(instance.Id, instance.As<IAuditSink>()!, instance.Guard, journal, position, filter, audit.IncludeCertData, clock, log));
        }
        generation.Attach(sinks);
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var position in _positions.Values)
        {
            position.Dispose();
        }
    }
}
