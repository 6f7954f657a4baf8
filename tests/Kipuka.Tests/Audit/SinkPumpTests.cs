using Kipuka.Catalog;
using Kipuka.Audit;
using Kipuka.Sdk;
using Kipuka.Sdk.Audit;
using Kipuka.Tests.Catalog;
using Kipuka.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kipuka.Tests.Audit;

/// <summary>What a sink may rely on: every record, once where nothing breaks, in the journal's order, and never two calls at a time.</summary>
public sealed class SinkPumpTests : IAsyncLifetime
{
    private readonly ManualClock clock = new();
    private readonly FakeSink sink = new();
    private StoreFixture store = null!;
    private SinkPosition position = null!;

    public async Task InitializeAsync()
    {
        store = await StoreFixture.OpenAsync(inMemory: true);
        position = Position();
    }

    public async Task DisposeAsync()
    {
        position.Dispose();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task A_batch_that_failed_comes_again_whole_and_in_order()
    {
        sink.Fault = "the server is away";
        await using var pump = Pump();
        await AppendAsync(3);
        await UntilAsync(() => pump.Fault is not null && sink.Calls >= 3);
        Assert.Equal("the server is away", pump.Fault);
        Assert.Empty(sink.Taken);
        await AppendAsync(2);
        sink.Fault = null;
        await UntilAsync(() => sink.Taken.Count >= 5);
        Assert.Equal([1, 2, 3, 4, 5], sink.Taken);
        await UntilAsync(() => pump.Fault is null);
    }

    [Fact]
    public async Task After_a_restart_it_goes_on_where_it_stood()
    {
        await using (Pump())
        {
            await AppendAsync(3);
            await UntilAsync(() => sink.Taken.Count == 3);
            await UntilAsync(() => SavedAsync(3));
        }
        await AppendAsync(2);
        using var loaded = Position();
        await using var pump = Pump(loaded);
        await UntilAsync(() => sink.Taken.Count >= 5);
        Assert.Equal([1, 2, 3, 4, 5], sink.Taken);
    }

    // A reload: until the old generation is drained both have a pump, and a sink that did not change is the same object in both.
    [Fact]
    public async Task While_two_generations_overlap_each_record_is_sent_once_and_the_sink_is_never_called_by_two()
    {
        await using var old = Pump();
        await using var next = Pump();
        for (var i = 0; i < 200; i++)
        {
            await AppendAsync(1);
        }
        await UntilAsync(() => sink.Taken.Count >= 200);
        Assert.Equal(Enumerable.Range(1, 200).Select(number => (long)number), sink.Taken);
        Assert.False(sink.WasCalledByTwo);
    }

    [Fact]
    public async Task An_idle_sink_is_asked_and_one_that_fails_is_a_fault_until_it_works_again()
    {
        await using var pump = Pump();
        sink.Fault = "the server is away";
        await UntilAsync(() => pump.Fault is not null);
        Assert.Equal("the server is away", pump.Fault);
        sink.Fault = null;
        await UntilAsync(() => pump.Fault is null);
        Assert.Equal(0, sink.Calls);
    }

    // Records that the filter keeps back say nothing about the sink.
    [Fact]
    public async Task What_the_filter_keeps_back_does_not_make_a_sink_well()
    {
        await using var pump = Pump(filter: "cert.revoked");
        sink.Fault = "the server is away";
        await UntilAsync(() => pump.Fault is not null);
        await AppendAsync(3);
        await UntilAsync(() => SavedAsync(3));
        Assert.NotNull(pump.Fault);
    }

    private SinkPosition Position() => new(store.Plugins.For("audit:fake"), store.Journal.Node);

    private SinkPump Pump(SinkPosition? at = null, string? filter = null) => new(
        "audit:fake", sink, new PluginGuard("audit:fake", TimeProvider.System, mostLeft: 1), store.Journal, at ?? position, new EventFilter(filter is null ? [] : [filter]), withCertificates: false, clock, NullLogger.Instance);

    private async Task AppendAsync(int count)
        => await store.Journal.AppendAsync([.. Enumerable.Range(0, count).Select(_ => StoreFixture.Event("cert.issued"))], default);

    private async Task<bool> SavedAsync(long sequence)
    {
        using var loaded = Position();
        return await loaded.LoadAsync(default) == sequence;
    }

    private Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    // Every timer goes off: pauses and idle times are over as soon as they begin.
    private async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await holds())
        {
            limit.Token.ThrowIfCancellationRequested();
            clock.Fire();
            await Task.Yield();
        }
    }

    private sealed class FakeSink : IAuditSink, IHealthProbe
    {
        private readonly List<long> taken = [];
        private int inside;

        public string? Fault { get; set; }

        public int Calls { get; private set; }

        public bool WasCalledByTwo { get; private set; }

        public IReadOnlyList<long> Taken
        {
            get
            {
                lock (taken)
                {
                    return [.. taken];
                }
            }
        }

        public async ValueTask WriteAsync(IReadOnlyList<AuditEvent> batch, CancellationToken cancel)
        {
            Calls++;
            await EnterAsync();
            lock (taken)
            {
                taken.AddRange(batch.Select(record => record.Sequence));
            }
        }

        public async ValueTask ProbeAsync(CancellationToken cancel) => await EnterAsync();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private async Task EnterAsync()
        {
            WasCalledByTwo |= Interlocked.Increment(ref inside) > 1;
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            if (Fault is { } fault)
            {
                throw new IOException(fault);
            }
        }
    }
}
