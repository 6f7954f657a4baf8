using Kipuka.Catalog;
using Kipuka.Store;
using Microsoft.Extensions.Logging;

namespace Kipuka.Audit;

/// <summary>
/// Signs the head of this node's chain when the server starts, when it stops, and in between once in <c>anchor_interval</c>: what is cut off
/// the chain's end, or rewritten up to it, is found by the next look at the anchors.
/// </summary>
internal sealed class Anchors : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    private readonly Journal _journal;
    private readonly Generations _generations;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly PeriodicTimer _timer;
    private readonly Task _running;
    private AuditSeal? _seal;
    private DateTimeOffset? _made;

    public Anchors(Journal journal, Generations generations, TimeProvider clock, ILogger<Anchors> log)
    {
        (_journal, _generations, _clock, _log) = (journal, generations, clock, log);
        _timer = new PeriodicTimer(Look, clock);
        _running = RunAsync();
    }

    /// <summary>Makes an anchor now, where a key is configured; null otherwise.</summary>
    public async Task<AuditAnchor?> MakeAsync(CancellationToken cancel)
    {
        var seal = Seal();
        if (seal?.Key is not { } key)
        {
            return null;
        }
        var anchor = await _journal.AnchorAsync(
            key.Id, key.Sign, made => Trail.Record(AuditAnchor.EventName, true, null, made.Fields), cancel);
        _made = _clock.GetUtcNow();
        return anchor;
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _running;
    }

    private async Task RunAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            try
            {
                // Before the first one the server is still starting.
                if (_made is { } last && Seal() is { } seal && _clock.GetUtcNow() - last >= seal.Interval)
                {
                    await MakeAsync(CancellationToken.None);
                }
            }
            catch (Exception fault)
            {
                _log.LogError(fault, "The journal could not be anchored; it is tried again in a minute: {Reason}", fault.Message);
            }
        }
    }

    private AuditSeal? Seal() => _seal = _generations.Serving?.Part<AuditSeal>() ?? _seal;
}
