using Microsoft.Extensions.Logging;

namespace Kipuka.Catalog;

/// <summary>The generation that serves, and the way from one to the next: swap one pointer, drain the old one, take it apart.</summary>
internal sealed class Generations(TimeProvider clock, ILogger<Generations> logger) : IAsyncDisposable
{
    private Generation? current;

    /// <summary>The serving generation, for reading. What calls an instance enters instead.</summary>
    /// <exception cref="InvalidOperationException">Nothing serves: before the first generation, or after the stop.</exception>
    public Generation Current => Volatile.Read(ref current) ?? throw new InvalidOperationException("No generation serves.");

    /// <summary>The serving generation; null before the first and after the stop.</summary>
    public Generation? Serving => Volatile.Read(ref current);

    /// <summary>Enters the serving generation, which stays whole until the lease is disposed. The hot path: one interlocked operation.</summary>
    /// <exception cref="InvalidOperationException">Nothing serves: before the first generation, or after the stop.</exception>
    public GenerationLease Enter()
    {
        while (true)
        {
            var generation = Current;
            if (generation.TryEnter())
            {
                return new GenerationLease(generation);
            }
        }
    }

    /// <summary>
    /// Makes the next generation serve at once, then retires the old one: completes when the old one has been drained and taken apart.
    /// </summary>
    /// <param name="next">A built generation; from here on it belongs to this object.</param>
    /// <param name="drainLimit">How long requests may stay in the old generation; then it is taken apart under them.</param>
    /// <param name="retire">
    /// Runs between swap and drain, with the old generation: where transports that were not carried over unbind. A fault of it is logged.
    /// </param>
    /// <param name="cancel">Ends the wait for requests, as <paramref name="drainLimit"/> does.</param>
    public async Task SwapAsync(
        Generation next,
        TimeSpan drainLimit,
        Func<Generation, CancellationToken, ValueTask>? retire = null,
        CancellationToken cancel = default)
    {
        next.Seal();
        foreach (var instance in next.Instances)
        {
            instance.EnterService();
        }
        var old = Interlocked.Exchange(ref current, next);
        logger.LogInformation("Generation {Number} serves with {Count} instances.", next.Number, next.Instances.Count);
        if (old is not null)
        {
            await RetireAsync(old, next.Instances, drainLimit, retire, cancel);
        }
    }

    /// <summary>Stops serving: drains the last generation and takes it apart.</summary>
    public async Task StopAsync(
        TimeSpan drainLimit,
        Func<Generation, CancellationToken, ValueTask>? retire = null,
        CancellationToken cancel = default)
    {
        var old = Volatile.Read(ref current);
        if (old is null)
        {
            return;
        }
        old.Retire();
        // Transports unbind while the generation still lets requests in: those already accepted must find it.
        await RunRetireAsync(old, retire, cancel);
        if (Interlocked.CompareExchange(ref current, null, old) == old)
        {
            await RetireAsync(old, [], drainLimit, null, cancel);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero);

    private async Task RetireAsync(
        Generation old,
        IReadOnlyList<Instance> carriedOver,
        TimeSpan drainLimit,
        Func<Generation, CancellationToken, ValueTask>? retire,
        CancellationToken cancel)
    {
        foreach (var instance in old.Instances.Except(carriedOver))
        {
            instance.LeaveService();
        }
        old.Retire();
        var drained = old.Close();
        await RunRetireAsync(old, retire, cancel);
        try
        {
            await drained.WaitAsync(drainLimit, clock, cancel);
        }
        catch (Exception fault) when (fault is TimeoutException or OperationCanceledException)
        {
            logger.LogWarning("Generation {Number} still has requests after {Limit}; they are cut off.", old.Number, drainLimit);
        }
        await old.DisposeAsync();
    }

    private async Task RunRetireAsync(Generation old, Func<Generation, CancellationToken, ValueTask>? retire, CancellationToken cancel)
    {
        if (retire is null)
        {
            return;
        }
        try
        {
            await retire(old, cancel);
        }
        catch (Exception fault)
        {
            logger.LogError(fault, "Generation {Number}: retiring it failed in part; it is drained and stopped all the same.", old.Number);
        }
    }
}
