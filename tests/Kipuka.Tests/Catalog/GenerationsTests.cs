using Kipuka.Catalog;
using Kipuka.Config;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kipuka.Tests.Catalog;

public sealed class GenerationsTests
{
    [Fact]
    public async Task A_lease_keeps_the_old_generation_whole_until_it_is_returned()
    {
        await using var generations = TestServices.Generations();
        var (old, oldPart) = Make(1);
        await generations.SwapAsync(old, TimeSpan.FromMinutes(1));
        var lease = generations.Enter();
        var (next, _) = Make(2);
        var swap = generations.SwapAsync(next, TimeSpan.FromMinutes(1));
        Assert.Same(next, generations.Current);
        Assert.False(swap.IsCompleted);
        Assert.False(oldPart.IsDisposed);
        lease.Dispose();
        await swap;
        Assert.True(oldPart.IsDisposed);
    }

    [Fact]
    public async Task Draining_ends_at_its_limit()
    {
        var clock = new ManualClock();
        var generations = new Generations(clock, NullLogger<Generations>.Instance);
        var (old, oldPart) = Make(1);
        await generations.SwapAsync(old, TimeSpan.FromMinutes(1));
        _ = generations.Enter();
        var swap = generations.SwapAsync(Make(2).Generation, TimeSpan.FromMinutes(1));
        Assert.False(swap.IsCompleted);
        clock.Fire();
        await swap;
        Assert.True(oldPart.IsDisposed);
    }

    [Fact]
    public async Task Nobody_enters_before_the_first_or_after_the_last_generation()
    {
        var generations = TestServices.Generations();
        Assert.Throws<InvalidOperationException>(() => generations.Enter());
        await generations.SwapAsync(Make(1).Generation, TimeSpan.Zero);
        generations.Enter().Dispose();
        await generations.StopAsync(TimeSpan.Zero);
        Assert.Throws<InvalidOperationException>(() => generations.Enter());
    }

    [Fact]
    public async Task Requests_never_see_a_generation_that_was_taken_apart()
    {
        await using var generations = TestServices.Generations();
        await generations.SwapAsync(Make(1).Generation, TimeSpan.FromMinutes(1));
        using var stop = new CancellationTokenSource();
        using var running = new CountdownEvent(4);
        var requests = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var round = 0; !stop.IsCancellationRequested; round++)
            {
                using var lease = generations.Enter();
                var part = lease.Generation.Part<Part>();
                await Task.Yield();
                Assert.False(part.IsDisposed);
                if (round == 0)
                {
                    running.Signal();
                }
            }
        })).ToArray();
        running.Wait();
        for (var number = 2; number < 300; number++)
        {
            await Task.Yield();
            await generations.SwapAsync(Make(number).Generation, TimeSpan.FromMinutes(1));
        }
        await stop.CancelAsync();
        await Task.WhenAll(requests);
    }

    [Fact]
    public async Task Retiring_runs_between_swap_and_drain()
    {
        await using var generations = TestServices.Generations();
        var (old, oldPart) = Make(1);
        await generations.SwapAsync(old, TimeSpan.FromMinutes(1));
        var seen = (Current: 0, Disposed: true);
        await generations.SwapAsync(Make(2).Generation, TimeSpan.FromMinutes(1), (_, _) =>
        {
            seen = (generations.Current.Number, oldPart.IsDisposed);
            return ValueTask.CompletedTask;
        });
        Assert.Equal((2, false), seen);
    }

    private static (Generation Generation, Part Part) Make(int number)
    {
        var generation = new Generation(number, new KipukaConfig(), []);
        var part = new Part();
        generation.Attach(part);
        return (generation, part);
    }

    private sealed class Part : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
