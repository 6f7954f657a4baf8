using Kipuka.Catalog;
using Kipuka.Sdk;
using Kipuka.Sdk.Audit;
using Kipuka.Store;
using Microsoft.Extensions.Logging;

namespace Kipuka.Audit;

/// <summary>
/// Carries the journal to one sink: in order, from where it stood, retried with growing pauses. A sink that was away misses nothing. While
/// there is nothing to carry, a sink that can be asked is asked whether it works: one that is required fails closed before it is needed.
/// </summary>
internal sealed class SinkPump : IAsyncDisposable
{
    private const int BatchSize = 500;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(10);

    private readonly string _instance;
    private readonly IAuditSink _sink;
    private readonly PluginGuard _guard;
    private readonly IHealthProbe? _probe;
    private readonly Journal _journal;
    private readonly SinkPosition _position;
    private readonly EventFilter _filter;
    private readonly bool _withCertificates;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _appended = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private TimeSpan _pause = FirstPause;
    private long _taken;

    public SinkPump(
        string instance, IAuditSink sink, PluginGuard guard, Journal journal, SinkPosition position, EventFilter filter, bool withCertificates,
        TimeProvider clock, ILogger log)
    {
        _instance = instance;
        _sink = sink;
        _guard = guard;
        _probe = sink as IHealthProbe;
        _journal = journal;
        _position = position;
        _filter = filter;
        _withCertificates = withCertificates;
        _clock = clock;
        _log = log;
        _journal.Appended += Signal;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Why the sink takes nothing at the moment; null while it does.</summary>
    public string? Fault { get; private set; }

    /// <summary>The last record of a node that the sink has taken, or that is none for it; null when it never met another node.</summary>
    public async Task<long?> TakenAsync(string node, CancellationToken cancel) =>
        node == _journal.Node ? _taken : await _position.OfAsync(node, cancel);

    public async ValueTask DisposeAsync()
    {
        _journal.Appended -= Signal;
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _appended.Dispose();
    }

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
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (!await DeliverAsync() && (Fault is not null || !await AppendedAsync()))
                {
                    await ProbeAsync();
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                Failed(fault);
                await Task.Delay(_pause, _clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>Delivers the next batch; false when there is none.</summary>
    private async Task<bool> DeliverAsync()
    {
        using var turn = await _position.EnterAsync(_stop.Token);
        _taken = await _position.LoadAsync(_stop.Token);
        var batch = await _journal.ReadAsync(_journal.Node, _taken, BatchSize, _stop.Token);
        if (batch.Count == 0)
        {
            return false;
        }
        List<AuditEvent> wanted = [.. batch.Where(_filter.Passes).Select(Prepare)];
        if (wanted.Count > 0)
        {
            await _guard.CallAsync("writing", token => _sink.WriteAsync(wanted, token), CallLimit, _stop.Token);
            Recovered();
        }
        await _position.SaveAsync(batch[^1].Sequence, _stop.Token);
        _taken = batch[^1].Sequence;
        return true;
    }

    /// <summary>Waits for a record; false when the sink is to be asked first.</summary>
    private async Task<bool> AppendedAsync()
    {
        using var limit = new CancellationTokenSource(_probe is null ? Timeout.InfiniteTimeSpan : ProbeEvery, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        try
        {
            await _appended.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task ProbeAsync()
    {
        if (_probe is not null)
        {
            using var turn = await _position.EnterAsync(_stop.Token);
            await _guard.CallAsync("health check", _probe.ProbeAsync, CallLimit, _stop.Token);
        }
        Recovered();
    }

    private AuditEvent Prepare(AuditEvent record) => _withCertificates || !record.Fields.ContainsKey("certificate")
        ? record
        : record with { Fields = record.Fields.Where(field => field.Key != "certificate").ToDictionary() };

    private void Failed(Exception fault)
    {
        var reason = (fault as PluginFaultException)?.Reason ?? fault.Message;
        if (Fault is null)
        {
            _log.LogError(
                fault, "The audit sink {Instance} takes no records: {Reason}. They are kept in the journal and sent again", _instance, reason);
        }
        Fault = reason;
    }

    private void Recovered()
    {
        if (Fault is not null)
        {
            _log.LogInformation("The audit sink {Instance} takes records again", _instance);
        }
        Fault = null;
        _pause = FirstPause;
    }
}
