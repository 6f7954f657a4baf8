using Kipuka.Ca;

namespace Kipuka.Ha;

/// <summary>Checks every CA of a generation in the background, each in its own rhythm. No check makes a certificate.</summary>
internal sealed class HealthProber : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task[] loops;

    /// <summary>Begins at once: the first check of each CA is one <c>check_interval</c> away, since it has just been started.</summary>
    /// <param name="groups">The CAs.</param>
    /// <param name="last">Told what each is known by.</param>
    /// <param name="clock">The clock.</param>
    public HealthProber(CaGroups groups, LastCertificates last, TimeProvider clock)
        => loops = [.. groups.Members.Select(member => WatchAsync(member, last, clock, stop.Token))];

    /// <summary>Stops, when the checks under way have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(loops);
        stop.Dispose();
    }

    private static async Task WatchAsync(CaMember member, LastCertificates last, TimeProvider clock, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(member.Breaker.Settings.CheckInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await member.CheckAsync(stop);
                await last.KeepAsync(member.Authority, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}
