using System.Net;
using Kipuka.Plugins.AuthOtp;
using Kipuka.Sdk.Auth;

namespace Kipuka.Plugins.Tests.AuthOtp;

/// <summary>Ruling 49: per selector 5 failures / 15m / 30m, per address 50; only wrong secrets count; 403 + Retry-After.</summary>
public sealed class LockoutTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task The_fifth_wrong_secret_locks_the_token_also_for_the_right_one()
    {
        await using var otp = await Otp.StartAsync();
        var (id, text) = await otp.CreateAsync("""{"entity_id":"device-1"}""");
        await FailAsync(otp, text, 4);
        Assert.IsType<AuthenticationResult.Accepted>(await otp.TryAsync(text));
        await FailAsync(otp, text, 5);
        Assert.Equal(TimeSpan.FromMinutes(30), Otp.LockedOut(await otp.TryAsync(text)));
        Assert.Equal(TimeSpan.FromMinutes(30), Otp.LockedOut(await otp.TryAsync(Otp.Wrong(text))));
        var record = Assert.Single(otp.Host.Audit, record => record.Name == "auth.otp.lockout");
        Assert.False(record.Success);
        Assert.Equal((id, "device-1", "192.0.2.1"), (record.Fields["token_id"], record.Fields["entity_id"], record.Fields["address"]));
    }

    [Fact]
    public async Task A_lockout_ends_after_its_duration_and_begins_a_new_count()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync();
        await FailAsync(otp, text, 5);
        otp.Host.Time.Advance(TimeSpan.FromMinutes(30) - Tick);
        Assert.Equal(Tick, Otp.LockedOut(await otp.TryAsync(text)));
        otp.Host.Time.Advance(Tick);
        await FailAsync(otp, text, 4);
        Assert.IsType<AuthenticationResult.Accepted>(await otp.TryAsync(text));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public async Task A_failure_counts_for_the_length_of_the_window(int milliseconds, bool locked)
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync();
        await FailAsync(otp, text, 4);
        otp.Host.Time.Advance(TimeSpan.FromMinutes(15).Add(TimeSpan.FromMilliseconds(milliseconds)));
        await FailAsync(otp, text, 1);
        Assert.Equal(locked, await otp.TryAsync(text) is AuthenticationResult.Rejected { Forbidden: true });
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public async Task The_window_slides_with_every_failure(int milliseconds, bool locked)
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync();
        await FailAsync(otp, text, 1);
        otp.Host.Time.Advance(TimeSpan.FromMinutes(10));
        await FailAsync(otp, text, 3);
        otp.Host.Time.Advance(TimeSpan.FromMinutes(5).Add(TimeSpan.FromMilliseconds(milliseconds)));
        await FailAsync(otp, text, 1);
        Assert.Equal(locked, await otp.TryAsync(text) is AuthenticationResult.Rejected { Forbidden: true });
    }

    [Fact]
    public async Task A_lockout_holds_on_the_other_node_and_after_a_restart()
    {
        await using var here = await Otp.StartAsync();
        var (_, text) = await here.CreateAsync();
        await FailAsync(here, text, 3);
        await using var there = await Otp.StartAsync(null, here.Host.Time, here.Host.Memory);
        await FailAsync(there, text, 2);
        Otp.LockedOut(await here.TryAsync(text));
        Otp.LockedOut(await there.TryAsync(text));
        Assert.Single(here.Host.Audit.Concat(there.Host.Audit), record => record.Name == "auth.otp.lockout");
    }

    [Fact]
    public async Task Parallel_guesses_lock_once()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Task.Run(async () => await otp.TryAsync(Otp.Wrong(text), address: $"192.0.2.{number}"))));
        Otp.LockedOut(await otp.TryAsync(text));
        Assert.Single(otp.Host.Audit, record => record.Name == "auth.otp.lockout");
    }

    [Fact]
    public async Task A_right_secret_is_refused_when_the_lockout_began_while_it_was_hashed()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync();
        otp.Host.Memory.AfterRead = async key =>
        {
            if (key.StartsWith("failures/", StringComparison.Ordinal))
            {
                otp.Host.Memory.AfterRead = null;
                await FailAsync(otp, text, 5);
            }
        };
        Otp.LockedOut(await otp.TryAsync(text));
        otp.Host.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.IsType<AuthenticationResult.Accepted>(await otp.TryAsync(text));
    }

    [Fact]
    public async Task Another_token_is_not_locked_with_it()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync();
        var (_, other) = await otp.CreateAsync();
        await FailAsync(otp, text, 5);
        Otp.LockedOut(await otp.TryAsync(text));
        Assert.IsType<AuthenticationResult.Accepted>(await otp.TryAsync(other));
    }

    [Fact]
    public async Task An_address_is_locked_after_50_wrong_secrets_and_unknown_tokens()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync();
        for (var number = 0; number < 49; number++)
        {
            Otp.Unauthenticated(await otp.TryAsync(number % 2 == 0 ? "no token at all" : "aaaaaaaaaaaa0123456789abcdefghij"));
        }
        Assert.IsType<AuthenticationResult.Accepted>(await otp.TryAsync(text));
        Otp.Unauthenticated(await otp.TryAsync(Otp.Wrong(text)));
        Assert.Equal(TimeSpan.FromMinutes(30), Otp.LockedOut(await otp.TryAsync(text)));
        Assert.Equal(TimeSpan.FromMinutes(30), Otp.LockedOut(await otp.TryAsync("no token at all")));
        Assert.IsType<AuthenticationResult.Accepted>(await otp.TryAsync(text, address: "192.0.2.2"));
        Assert.Equal("192.0.2.1", Assert.Single(otp.Host.Audit, record => record.Name == "auth.otp.lockout").Fields["address"]);
        otp.Host.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.IsType<AuthenticationResult.Accepted>(await otp.TryAsync(text));
    }

    [Fact]
    public async Task Only_wrong_secrets_count()
    {
        await using var otp = await Otp.StartAsync(Otp.Settings with { MaxFailures = 1, MaxFailuresPerAddress = 1 });
        var (revokedId, revoked) = await otp.CreateAsync();
        await otp.RunAsync("otp revoke", id: revokedId);
        var (_, expired) = await otp.CreateAsync("""{"ttl":1}""");
        var (_, bound) = await otp.CreateAsync("""{"entity_id":"a","est_label":"x"}""");
        var (_, used) = await otp.CreateAsync();
        await (await otp.CredentialAsync(used)).HoldAsync(Guid.NewGuid(), otp.Host.Time.GetUtcNow().AddHours(1), default);
        otp.Host.Time.Advance(TimeSpan.FromSeconds(1));
        for (var time = 0; time < 3; time++)
        {
            Otp.Unauthenticated(await otp.TryAsync(revoked));
            Otp.Unauthenticated(await otp.TryAsync(expired));
            Otp.Unauthenticated(await otp.TryAsync(bound, "b"));
            Otp.Unauthenticated(await otp.TryAsync(bound, "a", "y"));
            Otp.Unauthenticated(await otp.RawAsync("Basic", "???"));
            Assert.True((await otp.CredentialAsync(used)).IsExhausted);
        }
        Otp.Unauthenticated(await otp.TryAsync(Otp.Wrong(used)));
        Otp.LockedOut(await otp.TryAsync(used));
    }

    [Fact]
    public async Task Hanging_up_does_not_undo_a_failure()
    {
        await using var otp = await Otp.StartAsync(Otp.Settings with { MaxFailures = 1 });
        var (_, text) = await otp.CreateAsync();
        using var cancel = new CancellationTokenSource();
        otp.Host.Memory.BeforeWrite = async _ => await cancel.CancelAsync();
        Otp.Unauthenticated(await otp.SendAsync($":{Otp.Wrong(text)}", cancel: cancel.Token));
        Assert.True(cancel.IsCancellationRequested);
        Otp.LockedOut(await otp.TryAsync(text));
    }

    [Theory]
    [InlineData("192.0.2.7", "address/c0000207")]
    [InlineData("::ffff:192.0.2.7", "address/c0000207")]
    [InlineData("2001:db8:1:2:3:4:5:6", "address/20010db800010002")]
    [InlineData("2001:db8:1:2::", "address/20010db800010002")]
    public void An_IPv6_address_counts_with_its_64_bit_network(string address, string key)
        => Assert.Equal(key, Lockout.KeyOf(IPAddress.Parse(address)));

    [Fact]
    public async Task The_widest_settings_fit_the_store()
    {
        await using var otp = await Otp.StartAsync(Otp.Settings with { MaxFailures = 1000, MaxFailuresPerAddress = 1000 });
        for (var number = 0; number < 999; number++)
        {
            Otp.Unauthenticated(await otp.TryAsync("no token at all"));
        }
        Otp.Unauthenticated(await otp.TryAsync("no token at all"));
        Otp.LockedOut(await otp.TryAsync("no token at all"));
    }

    private static async Task FailAsync(Otp otp, string text, int times)
    {
        for (var time = 0; time < times; time++)
        {
            Otp.Unauthenticated(await otp.TryAsync(Otp.Wrong(text)));
        }
    }
}
