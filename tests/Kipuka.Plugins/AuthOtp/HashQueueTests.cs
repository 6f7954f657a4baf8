using Kipuka.Plugins.AuthOtp;
using Kipuka.Sdk.Auth;

namespace Kipuka.Plugins.Tests.AuthOtp;

/// <summary>Ruling 49: hashing runs in a bounded queue; full is 503.</summary>
public sealed class HashQueueTests
{
    [Fact]
    public async Task What_does_not_fit_is_turned_away_and_what_waits_is_served()
    {
        using var queue = new HashQueue(2, 3);
        using var gate = new ManualResetEventSlim();
        var accepted = Enumerable.Range(0, 5).Select(_ => Run()).ToList();
        Assert.False((await Run()).Ran);
        gate.Set();
        Assert.All(await Task.WhenAll(accepted), result => Assert.True(result.Ran));
        Assert.True((await Run()).Ran);

        Task<(bool Ran, bool Result)> Run() => queue.TryRunAsync(() => gate.Wait(TimeSpan.FromSeconds(30)), default).AsTask();
    }

    [Fact]
    public async Task Never_more_run_at_a_time_than_allowed()
    {
        using var queue = new HashQueue(2, 100);
        int running = 0, most = 0;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => queue.TryRunAsync(Work, default).AsTask()));
        Assert.InRange(most, 1, 2);

        int Work()
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            for (var turn = 0; turn < 1000; turn++)
            {
                Thread.SpinWait(20);
            }
            Interlocked.Decrement(ref running);
            return now;
        }
    }

    [Fact]
    public async Task A_flood_is_answered_overloaded_and_counts_nothing_against_the_peer()
    {
        await using var otp = await Otp.StartAsync(Otp.Settings with { HashAlgorithm = "argon2id", HashParallelism = 1, HashQueue = 1 });
        var (_, text) = await otp.CreateAsync("""{"max_uses":100}""");
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () => await otp.TryAsync(text))));
        Assert.Contains(results, result => result is AuthenticationResult.Accepted);
        Assert.Contains(results, result => result is AuthenticationResult.Overloaded { RetryAfter.TotalSeconds: > 0 });
        Assert.DoesNotContain(results, result => result is AuthenticationResult.Rejected);
        Assert.IsType<AuthenticationResult.Accepted>(await otp.TryAsync(text));
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_his_place()
    {
        using var queue = new HashQueue(1, 1);
        using var release = new ManualResetEventSlim();
        var first = queue.TryRunAsync(() => release.Wait(TimeSpan.FromSeconds(30)), default).AsTask();
        using var cancel = new CancellationTokenSource();
        var second = queue.TryRunAsync(() => true, cancel.Token).AsTask();
        Assert.False((await queue.TryRunAsync(() => true, default)).Ran);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        var third = queue.TryRunAsync(() => true, default).AsTask();
        release.Set();
        Assert.True((await first).Ran);
        Assert.True((await third).Ran);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }
            seen = before;
        }
    }
}
