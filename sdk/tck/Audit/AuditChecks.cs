using Kipuka.Sdk.Audit;

namespace Kipuka.Sdk.Tck;

/// <summary>What a sink must take, keep and say.</summary>
internal sealed class AuditChecks(AuditOptions options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // What never arrives is told once.
    private bool isComplete;

    public static async Task SizesAsync(Bench<IAuditSink> bench)
    {
        var sink = await bench.StartAsync();
        foreach (var size in (int[])[1, 2, 17, 499, 500, 1000])
        {
            await WriteAsync(bench, sink, $"A batch of {size} records", Records.Batch(size));
        }
    }

    public async Task MissingValuesAsync(Bench<IAuditSink> bench)
        => await KeepsAsync(bench, await bench.StartAsync(), "A record without actor, source, label, authority and fields", Records.Bare());

    public async Task UnicodeAsync(Bench<IAuditSink> bench)
    {
        var sink = await bench.StartAsync();
        foreach (var record in Records.Difficult())
        {
            await KeepsAsync(bench, sink, $"A record with difficult texts ({string.Join(", ", record.Fields.Keys.Take(3))})", record);
        }
    }

    public async Task CompleteAsync(Bench<IAuditSink> bench)
    {
        var sink = await bench.StartAsync();
        var records = Records.Batch(50);
        await WriteAsync(bench, sink, "A batch", records);
        var places = await PlacesAsync(bench, records);
        if (places.FirstOrDefault(place => place.Index < 0) is { Record: { } lost })
        {
            throw CheckException.Failed($"The record {lost.Name} with the serial number {lost.Serial} is not at the target, although WriteAsync had completed. Complete when it is safe there.");
        }
        isComplete = true;
    }

    public async Task OrderAsync(Bench<IAuditSink> bench)
    {
        var sink = await bench.StartAsync();
        var records = Records.Batch(120);
        foreach (var batch in records.Chunk(50))
        {
            await WriteAsync(bench, sink, "A batch", batch);
        }
        var places = (await PlacesAsync(bench, records)).Where(place => place.Index >= 0).Select(place => place.Index).ToList();
        if (!places.SequenceEqual(places.Order()))
        {
            throw CheckException.Failed("Records are at the target in another order than they were given in. Keep the journal's order.");
        }
    }

    // The host sends a batch again when it does not know whether it was safe.
    public static async Task AgainAsync(Bench<IAuditSink> bench)
    {
        var sink = await bench.StartAsync();
        var batch = Records.Batch(3);
        await WriteAsync(bench, sink, "A batch", batch);
        await WriteAsync(bench, sink, "The same batch again, which the host sends when it cannot know that it arrived", batch);
    }

    // A reload: the new instance begins while the old one still writes.
    public async Task TwoInstancesAsync(Bench<IAuditSink> bench)
    {
        var sinks = new[] { await bench.StartAsync(), await bench.StartAsync() };
        var written = new[] { Records.Batch(200), Records.Batch(200) };
        await Task.WhenAll(sinks.Zip(written, (sink, records) => Task.Run(async () =>
        {
            foreach (var batch in records.Chunk(10))
            {
                await WriteAsync(bench, sink, "Beside a second instance a batch", batch);
            }
        })));
        if (isComplete && (await PlacesAsync(bench, [.. written.SelectMany(records => records)])).Any(place => place.Index < 0))
        {
            throw CheckException.Failed("Of two instances that wrote to the same target at the same time records got lost or mixed. During a reload both write.");
        }
    }

    public async Task OutageAsync(Bench<IAuditSink> bench)
    {
        var outage = options.Outage ?? throw CheckException.NotApplicable("No way to take the target away is known; give Outage in the options.");
        var sink = await bench.StartAsync();
        Exception? fault;
        await outage.Begin(bench.Cancel);
        try
        {
            fault = await bench.ThrownByAsync(() => sink.WriteAsync(Records.Batch(2), bench.Cancel).AsTask());
        }
        finally
        {
            await outage.End(bench.Cancel);
        }
        if (fault is null)
        {
            throw CheckException.Failed("WriteAsync completed while the target was away. Let exceptions out: the host keeps the batch and sends it again, and otherwise records are lost unseen.");
        }
        await WriteAsync(bench, sink, "After the outage a batch", Records.Batch(2));
    }

    public static async Task CancelAsync(Bench<IAuditSink> bench)
    {
        var sink = await bench.StartAsync();
        await CommonChecks.CancelAsync(
            bench, "WriteAsync", cancel => sink.WriteAsync(Records.Batch(5), cancel).AsTask(), _ => false, "throw OperationCanceledException");
    }

    public static async Task ProbeAsync(Bench<IAuditSink> bench)
    {
        var probe = await bench.StartAsync() as IHealthProbe ?? throw CheckException.NotApplicable("The service has no IHealthProbe.");
        if (await bench.ThrownByAsync(() => probe.ProbeAsync(bench.Cancel).AsTask()) is { } fault)
        {
            throw CheckException.Failed($"ProbeAsync threw {fault.GetType().Name} ({fault.Message}), although the sink takes records.");
        }
    }

    public static async Task AfterDisposeAsync(Bench<IAuditSink> bench)
    {
        var sink = await bench.StartAsync();
        await bench.StopAsync(sink);
        await CommonChecks.FailsAfterDisposeAsync(bench, "WriteAsync", () => sink.WriteAsync(Records.Batch(1), bench.Cancel).AsTask());
    }

    private static async Task WriteAsync(Bench<IAuditSink> bench, IAuditSink sink, string what, IReadOnlyList<AuditEvent> batch)
    {
        if (await bench.ThrownByAsync(() => sink.WriteAsync(batch, bench.Cancel).AsTask()) is { } fault)
        {
            throw CheckException.Failed($"{what} made WriteAsync throw {fault.GetType().Name}: {fault.Message}");
        }
    }

    private async Task KeepsAsync(Bench<IAuditSink> bench, IAuditSink sink, string what, AuditEvent record)
    {
        await WriteAsync(bench, sink, what, [record]);
        if (options.Read is not null && (await PlacesAsync(bench, [record]))[0].Index < 0)
        {
            throw CheckException.Failed($"{what} is not at the target, although WriteAsync had completed.");
        }
    }

    private async Task<IReadOnlyList<(AuditEvent Record, int Index)>> PlacesAsync(Bench<IAuditSink> bench, IReadOnlyList<AuditEvent> records)
    {
        var read = options.Read ?? throw CheckException.NotApplicable("Nobody can read what arrived at the target; give Read in the options.");
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var text = await read(bench.Cancel);
            List<(AuditEvent Record, int Index)> places = [.. records.Select(record => (record, text.IndexOf(record.Serial!, StringComparison.Ordinal)))];
            // A target behind a network may show a moment later what it has taken.
            if (places.TrueForAll(place => place.Index >= 0) || TimeProvider.System.GetElapsedTime(begun) > Patience)
            {
                return places;
            }
            await Task.Delay(50, bench.Cancel);
        }
    }
}
