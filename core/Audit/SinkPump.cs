using System.Globalization;
using System.Text;
using Kipuka.Sdk;
using Kipuka.Sdk.Audit;
using Kipuka.Store;
using Microsoft.Extensions.Logging;

namespace Kipuka.Audit;

/// <summary>Carries the journal to one sink: in order, from where it stood, retried with growing pauses. A sink that was away misses nothing.</summary>
internal sealed class SinkPump : IAsyncDisposable
{
    private const int BatchSize = 500;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly string _instance;
    private readonly IAuditSink _sink;
    private readonly Journal _journal;
    private readonly IPluginStore _store;
    private readonly EventFilter _filter;
    private readonly bool _withCertificates;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _appended = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public SinkPump(
        string instance, IAuditSink sink, Journal journal, IPluginStore store, EventFilter filter, bool withCertificates,
        TimeProvider clock, ILogger log)
    {
        _instance = instance;
        _sink = sink;
        _journal = journal;
        _store = store;
        _filter = filter;
        _withCertificates = withCertificates;
        _clock = clock;
        _log = log;
        _journal.Appended += Signal;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Why the sink takes nothing at the moment; null while it does.</summary>
    public string? Fault { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _journal.Appended -= Signal;
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _appended.Dispose();
    }

    private string PositionKey => $"host/position/{_journal.Node}";

    // Called on the writer's thread. One permit is enough: whoever takes it reads everything there is.
    private void Signal()
    {
        try
        {
            _appended.Release();
        }
        catch (SemaphoreFullException)
        {
            // The pump has been told already.
        }
        catch (ObjectDisposedException)
        {
            // It stopped between the commit and this call.
        }
    }

    private async Task RunAsync()
    {
        var pause = FirstPause;
        long? position = null;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                position ??= await LoadPositionAsync();
                var batch = await _journal.ReadAsync(_journal.Node, position.Value, BatchSize, _stop.Token);
                if (batch.Count == 0)
                {
                    await _appended.WaitAsync(_stop.Token);
                    continue;
                }
                await DeliverAsync(batch);
                position = batch[^1].Sequence;
                await SavePositionAsync(position.Value);
                pause = FirstPause;
                Recovered();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                Failed(fault);
                await Task.Delay(pause, _clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private async Task DeliverAsync(IReadOnlyList<AuditEvent> batch)
    {
        List<AuditEvent> wanted = [.. batch.Where(_filter.Passes).Select(Prepare)];
        if (wanted.Count > 0)
        {
            await _sink.WriteAsync(wanted, _stop.Token);
        }
    }

    private AuditEvent Prepare(AuditEvent record) => _withCertificates || !record.Fields.ContainsKey("certificate")
        ? record
        : record with { Fields = record.Fields.Where(field => field.Key != "certificate").ToDictionary() };

    private async Task<long> LoadPositionAsync()
    {
        var stored = await _store.GetAsync(PositionKey, _stop.Token);
        return stored is null ? 0 : long.Parse(Encoding.UTF8.GetString(stored.Value.Span), CultureInfo.InvariantCulture);
    }

    private async Task SavePositionAsync(long position)
        => await _store.WriteAsync(new StoreWrite(PositionKey, Encoding.UTF8.GetBytes(position.ToString(CultureInfo.InvariantCulture))), _stop.Token);

    private void Failed(Exception fault)
    {
        if (Fault is null)
        {
            _log.LogError(
                fault, "The audit sink {Instance} takes no records: {Reason}. They are kept in the journal and sent again", _instance,
                fault.Message);
        }
        Fault = fault.Message;
    }

    private void Recovered()
    {
        if (Fault is not null)
        {
            _log.LogInformation("The audit sink {Instance} takes records again", _instance);
        }
        Fault = null;
    }
}
