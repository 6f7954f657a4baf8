using Kipuka.Enroll;

namespace Kipuka.Tests.Enroll;

public class TwinsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Equal_requests_go_one_after_the_other_ruling_44()
    {
        var twins = new Twins();
        var first = await twins.EnterAsync("a", Patience, default);
        var second = twins.EnterAsync("a", Patience, default);
        Assert.False(second.IsCompleted);
        first!.Dispose();
        (await second)!.Dispose();
        Assert.Equal(0, twins.Count);
    }

    [Fact]
    public async Task Different_requests_do_not_wait_for_each_other()
    {
        var twins = new Twins();
        using var first = await twins.EnterAsync("a", Patience, default);
        using var second = await twins.EnterAsync("b", TimeSpan.Zero, default);
        Assert.NotNull(second);
        Assert.Equal(2, twins.Count);
    }

    [Fact]
    public async Task Who_waits_too_long_or_hangs_up_leaves_nothing_behind()
    {
        var twins = new Twins();
        var first = await twins.EnterAsync("a", Patience, default);
        Assert.Null(await twins.EnterAsync("a", TimeSpan.Zero, default));
        using var gone = new CancellationTokenSource();
        var waiting = twins.EnterAsync("a", Patience, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        first!.Dispose();
        Assert.Equal(0, twins.Count);
    }

    [Fact]
    public async Task A_thousand_at_once_are_never_two_inside()
    {
        var twins = new Twins();
        var inside = 0;
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(async _ =>
        {
            using var turn = await twins.EnterAsync("a", Patience, default);
            Assert.Equal(1, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        }));
        Assert.Equal(0, twins.Count);
    }
}
