using Kipuka.Plugins.Tests.Fakes;
using Kipuka.Sdk;
using Kipuka.Sdk.Auth;

namespace Kipuka.Plugins.Tests.AuthOtp;

/// <summary>Ruling 48: held before issuing, spent with the ledger's close, released on refusal or outage; idempotent per transaction.</summary>
public sealed class UseTests
{
    private static readonly Guid One = Guid.Parse("00000000-0000-4000-8000-000000000001");
    private static readonly Guid Two = Guid.Parse("00000000-0000-4000-8000-000000000002");

    [Fact]
    public async Task A_hold_counts_as_a_use_until_it_is_released()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync();
        var credential = await otp.CredentialAsync(text);
        Assert.True(await credential.HoldAsync(One, Soon(otp), default));
        Assert.False(await credential.HoldAsync(Two, Soon(otp), default));
        Assert.True((await otp.CredentialAsync(text)).IsExhausted);
        await credential.ReleaseAsync(One, default);
        await credential.ReleaseAsync(One, default);
        Assert.False((await otp.CredentialAsync(text)).IsExhausted);
        Assert.True(await credential.HoldAsync(Two, Soon(otp), default));
    }

    [Fact]
    public async Task A_repeat_of_the_transaction_takes_nothing_more()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync("""{"max_uses":2}""");
        var credential = await otp.CredentialAsync(text);
        Assert.True(await credential.HoldAsync(One, Soon(otp), default));
        Assert.True(await credential.HoldAsync(One, Soon(otp), default));
        Assert.True(await credential.HoldAsync(Two, Soon(otp), default));
        Assert.False(await credential.HoldAsync(Guid.NewGuid(), Soon(otp), default));
        Assert.True(await credential.HoldAsync(One, Soon(otp), default));
    }

    [Fact]
    public async Task A_spent_use_stays_spent()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync();
        var credential = await otp.CredentialAsync(text);
        await credential.HoldAsync(One, Soon(otp), default);
        Assert.True(otp.Host.Memory.Commit(await credential.SpendAsync(One, default)));
        Assert.True(otp.Host.Memory.Commit(await credential.SpendAsync(One, default)));
        await credential.ReleaseAsync(One, default);
        Assert.False(await credential.HoldAsync(Two, Soon(otp), default));
        Assert.True(await credential.HoldAsync(One, Soon(otp), default));
        Assert.True((await otp.CredentialAsync(text)).IsExhausted);
    }

    [Fact]
    public async Task A_lapsed_hold_is_free_again()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync();
        var credential = await otp.CredentialAsync(text);
        var until = Soon(otp);
        await credential.HoldAsync(One, until, default);
        otp.Host.Time.Advance(until - otp.Host.Time.GetUtcNow() - TimeSpan.FromTicks(1));
        Assert.False(await credential.HoldAsync(Two, Soon(otp), default));
        otp.Host.Time.Advance(TimeSpan.FromTicks(1));
        Assert.False((await otp.CredentialAsync(text)).IsExhausted);
        Assert.True(await credential.HoldAsync(Two, Soon(otp), default));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await credential.SpendAsync(One, default));
    }

    [Fact]
    public async Task A_lapsed_hold_that_nobody_has_taken_can_still_be_spent()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync();
        var credential = await otp.CredentialAsync(text);
        await credential.HoldAsync(One, Soon(otp), default);
        otp.Host.Time.Advance(TimeSpan.FromHours(1));
        Assert.True(otp.Host.Memory.Commit(await credential.SpendAsync(One, default)));
        Assert.False(await credential.HoldAsync(Two, Soon(otp), default));
    }

    [Fact]
    public async Task A_hold_outlives_a_restart()
    {
        await using var first = await Otp.StartAsync();
        var (_, text) = await first.CreateAsync();
        await (await first.CredentialAsync(text)).HoldAsync(One, Soon(first), default);
        await using var second = await Otp.StartAsync(null, first.Host.Time, first.Host.Memory);
        var credential = await second.CredentialAsync(text);
        Assert.True(credential.IsExhausted);
        Assert.False(await credential.HoldAsync(Two, Soon(second), default));
        Assert.True(await credential.HoldAsync(One, Soon(second), default));
        Assert.True(second.Host.Memory.Commit(await credential.SpendAsync(One, default)));
    }

    [Fact]
    public async Task The_write_that_spends_is_only_good_over_what_was_read()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync("""{"max_uses":2}""");
        var credential = await otp.CredentialAsync(text);
        await credential.HoldAsync(One, Soon(otp), default);
        var stale = await credential.SpendAsync(One, default);
        await credential.HoldAsync(Two, Soon(otp), default);
        Assert.False(otp.Host.Memory.Commit(stale));
        Assert.True(otp.Host.Memory.Commit(await credential.SpendAsync(One, default)));
        Assert.True(otp.Host.Memory.Commit(await credential.SpendAsync(Two, default)));
        Assert.False(await credential.HoldAsync(Guid.NewGuid(), Soon(otp), default));
    }

    [Fact]
    public async Task Of_100_parallel_tries_on_two_nodes_a_single_use_token_lets_exactly_one_through()
    {
        await using var here = await Otp.StartAsync();
        await using var there = await Otp.StartAsync(null, here.Host.Time, here.Host.Memory);
        var (_, text) = await here.CreateAsync();
        IOneTimeCredential[] nodes = [await here.CredentialAsync(text), await there.CredentialAsync(text)];
        var tries = Enumerable.Range(0, 100).Select(number => Task.Run(async () => await nodes[number % 2].HoldAsync(Guid.NewGuid(), Soon(here), default)));
        Assert.Equal(1, (await Task.WhenAll(tries)).Count(held => held));
    }

    [Fact]
    public async Task Of_two_nodes_that_both_read_before_either_writes_exactly_one_gets_the_use()
    {
        await using var here = await Otp.StartAsync();
        await using var there = await Otp.StartAsync(null, here.Host.Time, here.Host.Memory);
        var (_, text) = await here.CreateAsync();
        IOneTimeCredential[] nodes = [await here.CredentialAsync(text), await there.CredentialAsync(text)];
        var arrived = 0;
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        here.Host.Memory.BeforeWrite = async _ =>
        {
            if (Interlocked.Increment(ref arrived) == 2)
            {
                both.SetResult();
            }
            await both.Task;
        };
        var held = await Task.WhenAll(nodes.Select(async node => await node.HoldAsync(Guid.NewGuid(), Soon(here), default)));
        Assert.Equal([false, true], held.Order());
    }

    [Fact]
    public async Task Of_100_parallel_tries_on_two_nodes_a_token_of_40_uses_lets_exactly_40_through()
    {
        await using var here = await Otp.StartAsync();
        await using var there = await Otp.StartAsync(null, here.Host.Time, here.Host.Memory);
        var (_, text) = await here.CreateAsync("""{"max_uses":40}""");
        IOneTimeCredential[] nodes = [await here.CredentialAsync(text), await there.CredentialAsync(text)];
        var tries = Enumerable.Range(0, 100).Select(number => Task.Run(async () => await nodes[number % 2].HoldAsync(Guid.NewGuid(), Soon(here), default)));
        Assert.Equal(40, (await Task.WhenAll(tries)).Count(held => held));
    }

    [Fact]
    public async Task A_writer_who_always_comes_first_ends_in_a_fault_and_not_in_a_use()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync();
        var credential = await otp.CredentialAsync(text);
        otp.Host.Memory.BeforeWrite = async write =>
        {
            var current = (await otp.Host.Memory.GetAsync(write.Key, default))!;
            otp.Host.Memory.Commit(new StoreWrite(write.Key, current.Value, null, current.Expires));
        };
        await Assert.ThrowsAsync<TimeoutException>(async () => await credential.HoldAsync(One, Soon(otp), default));
        otp.Host.Memory.BeforeWrite = null;
        Assert.True(await credential.HoldAsync(Two, Soon(otp), default));
    }

    [Fact]
    public async Task A_token_of_many_uses_stays_small_and_counts_right()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync("""{"max_uses":300}""");
        var credential = await otp.CredentialAsync(text);
        for (var use = 0; use < 300; use++)
        {
            var transaction = Guid.NewGuid();
            Assert.True(await credential.HoldAsync(transaction, Soon(otp), default));
            Assert.True(otp.Host.Memory.Commit(await credential.SpendAsync(transaction, default)));
        }
        Assert.False(await credential.HoldAsync(Guid.NewGuid(), Soon(otp), default));
        Assert.True((await otp.CredentialAsync(text)).IsExhausted);
    }

    [Fact]
    public async Task A_hold_that_lapses_at_once_is_a_mistake_of_the_caller()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync();
        var credential = await otp.CredentialAsync(text);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await credential.HoldAsync(One, otp.Host.Time.GetUtcNow(), default));
    }

    [Fact]
    public async Task A_token_revoked_or_expired_between_password_and_hold_gives_no_use()
    {
        await using var otp = await Otp.StartAsync();
        var (id, text) = await otp.CreateAsync();
        var credential = await otp.CredentialAsync(text);
        Assert.Equal(204, (await otp.RunAsync("otp revoke", id: id)).Status);
        Assert.False(await credential.HoldAsync(One, Soon(otp), default));

        var late = await otp.CredentialAsync((await otp.CreateAsync("""{"ttl":"1m"}""")).Text);
        otp.Host.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await late.HoldAsync(One, Soon(otp), default));
    }

    [Fact]
    public async Task A_spent_token_is_recognised_for_a_day_after_its_end()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync("""{"ttl":"1h"}""");
        var credential = await otp.CredentialAsync(text);
        await credential.HoldAsync(One, Soon(otp), default);
        otp.Host.Memory.Commit(await credential.SpendAsync(One, default));
        otp.Host.Time.Advance(TimeSpan.FromHours(24.9));
        Assert.Contains("expired", Otp.Rejected(await otp.TryAsync(text)).Reason, StringComparison.Ordinal);
        otp.Host.Time.Advance(TimeSpan.FromHours(0.2));
        Assert.Contains("invalid", Otp.Rejected(await otp.TryAsync(text)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hold_beyond_the_tokens_end_keeps_the_token_until_it_can_be_spent()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync("""{"ttl":"1h"}""");
        var credential = await otp.CredentialAsync(text);
        await credential.HoldAsync(One, otp.Host.Time.GetUtcNow().AddDays(7), default);
        otp.Host.Time.Advance(TimeSpan.FromDays(7));
        Assert.True(otp.Host.Memory.Commit(await credential.SpendAsync(One, default)));
    }

    private static DateTimeOffset Soon(Otp otp) => otp.Host.Time.GetUtcNow().AddMinutes(5);
}
