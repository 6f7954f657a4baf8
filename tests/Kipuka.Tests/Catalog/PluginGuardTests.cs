using Kipuka.Catalog;
using Kipuka.Tests.Ha;

namespace Kipuka.Tests.Catalog;

public sealed class PluginGuardTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(7);

    private readonly ManualTime clock = new();
    private readonly PluginGuard guard;

    public PluginGuardTests() => guard = new PluginGuard("auth:x (x)", clock, mostLeft: 2);

    [Fact]
    public async Task An_answer_is_given_on_and_ends_the_fault()
    {
        await Assert.ThrowsAsync<PluginFaultException>(() => guard.CallAsync<int>("asking", _ => throw new InvalidOperationException("broken"), Limit, default));
        Assert.Equal("auth:x (x): asking: InvalidOperationException: broken", guard.Fault);
        Assert.Equal(7, await guard.CallAsync("asking", _ => new ValueTask<int>(7), Limit, default));
        Assert.Null(guard.Fault);
    }

    [Fact]
    public async Task A_call_that_blocks_its_thread_is_left_behind_and_after_some_of_them_nothing_is_called_until_one_comes_back()
    {
        using var release = new ManualResetEventSlim();
        for (var call = 0; call < 2; call++)
        {
            Assert.Contains("no answer within 7 s", (await HangAsync(_ =>
            {
                release.Wait(CancellationToken.None);
                return new ValueTask<int>(1);
            })).Message, StringComparison.Ordinal);
        }
        var refused = await Assert.ThrowsAsync<PluginFaultException>(() => guard.CallAsync("asking", _ => new ValueTask<int>(7), Limit, default));
        Assert.False(refused.WasCalled);
        release.Set();
        while (await AnswerAsync() is null)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task What_hangs_again_and_again_is_spared_until_the_pause_is_over()
    {
        for (var call = 0; call < 3; call++)
        {
            // The clock goes on once and no further: what is measured here is the pause that follows.
            var began = new TaskCompletionSource();
            var hanging = guard.CallAsync<int>("asking", async token =>
            {
                began.SetResult();
                await Task.Delay(Timeout.Infinite, token);
                return 1;
            }, Limit, default);
            await began.Task;
            clock.Advance(Limit);
            await Assert.ThrowsAsync<PluginFaultException>(() => hanging);
        }
        var spared = await Assert.ThrowsAsync<PluginFaultException>(() => guard.CallAsync("asking", _ => new ValueTask<int>(7), Limit, default, spares: true));
        Assert.False(spared.WasCalled);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(7, await guard.CallAsync("asking", _ => new ValueTask<int>(7), Limit, default, spares: true));
    }

    [Fact]
    public async Task The_callers_cancellation_is_no_fault()
    {
        using var gone = new CancellationTokenSource();
        var call = guard.CallAsync("asking", async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return 1;
        }, Limit, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => call);
        Assert.Null(guard.Fault);
    }

    private async Task<PluginFaultException> HangAsync(Func<CancellationToken, ValueTask<int>> plugin)
    {
        var call = guard.CallAsync("asking", plugin, Limit, default);
        while (!call.IsCompleted)
        {
            clock.Advance(Limit);
            await Task.Yield();
        }
        return await Assert.ThrowsAsync<PluginFaultException>(() => call);
    }

    private async Task<int?> AnswerAsync()
    {
        try
        {
            return await guard.CallAsync("asking", _ => new ValueTask<int>(7), Limit, default);
        }
        catch (PluginFaultException)
        {
            return null;
        }
    }
}
