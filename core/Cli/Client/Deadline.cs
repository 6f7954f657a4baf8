namespace Kipuka.Cli.Client;

/// <summary>One time limit for everything that a command does over the network.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly TimeProvider clock;
    private TimeSpan limit;
    private readonly long start;
    private readonly CancellationToken stop;
    private readonly CancellationTokenSource late;
    private readonly CancellationTokenSource either;

    public Deadline(TimeSpan limit, TimeProvider clock, CancellationToken stop)
    {
        (this.clock, this.limit, this.stop) = (clock, limit, stop);
        start = clock.GetTimestamp();
        late = new CancellationTokenSource(limit, clock);
        either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
    }

    public DateTimeOffset Now => clock.GetUtcNow();

    public TimeSpan Remaining => limit - clock.GetElapsedTime(start);

    /// <exception cref="CliException">The time is over.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, string what)
    {
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new CliException($"{what}: no answer within {limit.TotalSeconds:0.#} s; --timeout gives it more");
        }
    }

    /// <summary>Waits, and the time does not count.</summary>
    public async Task PauseAsync(TimeSpan time)
    {
        late.CancelAfter(Timeout.InfiniteTimeSpan);
        await Task.Delay(time, clock, stop);
        limit += time;
        late.CancelAfter(Remaining > TimeSpan.Zero ? Remaining : TimeSpan.Zero);
    }

    public Task WaitAsync(TimeSpan time) => Task.Delay(time, clock, either.Token);

    public void Dispose()
    {
        either.Dispose();
        late.Dispose();
    }
}
