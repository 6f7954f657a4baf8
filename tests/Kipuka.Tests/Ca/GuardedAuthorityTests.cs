using System.Security.Cryptography.X509Certificates;
using Kipuka.Ca;
using Kipuka.Config;
using Kipuka.Sdk.Ca;
using Kipuka.Tests.Ha;

namespace Kipuka.Tests.Ca;

public sealed class GuardedAuthorityTests
{
    private readonly ManualTime clock = new();
    private readonly ScriptedAuthority script = new();

    [Fact]
    public async Task A_right_answer_is_returned_and_measured()
    {
        var authority = await script.GuardAsync(clock);
        script.IssueCall = (draft, _) =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(40));
            Assert.Equal(1, authority.InFlight);
            return new(new IssueResult.Issued(script.Certify(draft)));
        };
        Assert.Null(authority.LastSigned);
        Assert.IsType<IssueResult.Issued>(await authority.IssueAsync(ScriptedAuthority.Draft(), default));
        Assert.Equal(clock.GetUtcNow(), authority.LastSigned);
        Assert.Equal(TimeSpan.FromMilliseconds(40), authority.TypicalLatency);
        Assert.Equal(0, authority.InFlight);
    }

    [Fact]
    public async Task The_latency_is_a_moving_average()
    {
        var authority = await script.GuardAsync(clock);
        foreach (var took in (int[])[100, 200])
        {
            script.ProbeCall = _ =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(took));
                return default;
            };
            await authority.ProbeAsync(TimeSpan.FromSeconds(5), default);
        }
        Assert.Equal(TimeSpan.FromMilliseconds(120), authority.TypicalLatency);
    }

    [Fact]
    public async Task A_refusal_is_an_answer()
    {
        var authority = await script.GuardAsync(clock);
        script.IssueCall = (_, _) => new(new IssueResult.Refused("no such profile"));
        Assert.Equal("no such profile", Assert.IsType<IssueResult.Refused>(await authority.IssueAsync(ScriptedAuthority.Draft(), default)).Detail);
    }

    [Fact]
    public async Task A_wrong_answer_never_gets_out_and_may_have_issued()
    {
        var authority = await script.GuardAsync(clock);
        script.IssueCall = (_, _) => new(new IssueResult.Issued(script.Certify(ScriptedAuthority.Draft())));
        var fault = await FaultAsync(authority);
        Assert.True(fault.MayHaveIssued);
        Assert.StartsWith("ca:default (scripted): the answer is not", fault.Message);
        Assert.False(Assert.IsType<AnswerFaultException>(fault.InnerException).Answer.IsEmpty);
    }

    [Fact]
    public async Task No_answer_at_all_is_a_wrong_one()
    {
        var authority = await script.GuardAsync(clock);
        script.IssueCall = (_, _) => new((IssueResult)null!);
        Assert.True((await FaultAsync(authority)).MayHaveIssued);
    }

    // When in doubt, true: an exception says nothing about what happened at the other end.
    [Fact]
    public async Task A_foreign_exception_may_have_issued_and_is_named()
    {
        var authority = await script.GuardAsync(clock);
        script.IssueCall = (_, _) => throw new IOException("connection reset");
        var fault = await FaultAsync(authority);
        Assert.True(fault.MayHaveIssued);
        Assert.Equal("ca:default (scripted): issuing: IOException: connection reset", fault.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_plugin_knows_about_its_own_outage_is_kept(bool mayHaveIssued)
    {
        var authority = await script.GuardAsync(clock);
        script.IssueCall = (_, _) => throw new AuthorityUnavailableException("no session", mayHaveIssued);
        var fault = await FaultAsync(authority);
        Assert.Equal(mayHaveIssued, fault.MayHaveIssued);
        Assert.Equal("ca:default (scripted): no session", fault.Message);
    }

    [Fact]
    public async Task At_the_deadline_the_call_is_cancelled_and_may_have_issued()
    {
        var authority = await script.GuardAsync(clock, timeout: TimeSpan.FromSeconds(7));
        script.IssueCall = async (_, cancel) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
            return null!;
        };
        var call = authority.IssueAsync(ScriptedAuthority.Draft(), default);
        clock.Advance(TimeSpan.FromSeconds(6.9));
        Assert.False(call.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        var fault = await Assert.ThrowsAsync<AuthorityUnavailableException>(() => call);
        Assert.True(fault.MayHaveIssued);
        Assert.Contains("no answer within 7 s", fault.Message);
    }

    [Fact]
    public async Task A_plugin_that_says_at_the_deadline_that_nothing_was_issued_is_believed()
    {
        var authority = await script.GuardAsync(clock);
        script.IssueCall = async (_, cancel) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel).ContinueWith(_ => { }, TaskScheduler.Default);
            throw new AuthorityUnavailableException("not sent yet", mayHaveIssued: false);
        };
        var call = authority.IssueAsync(ScriptedAuthority.Draft(), default);
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.False((await Assert.ThrowsAsync<AuthorityUnavailableException>(() => call)).MayHaveIssued);
    }

    [Fact]
    public async Task A_plugin_that_is_deaf_to_cancellation_is_left_behind()
    {
        var authority = await script.GuardAsync(clock);
        var never = new TaskCompletionSource<IssueResult>();
        script.IssueCall = (_, _) => new(never.Task);
        var call = authority.IssueAsync(ScriptedAuthority.Draft(), default);
        while (!call.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }
        Assert.True((await Assert.ThrowsAsync<AuthorityUnavailableException>(() => call)).MayHaveIssued);
        Assert.Equal(0, authority.InFlight);
    }

    [Fact]
    public async Task The_callers_cancellation_stays_one()
    {
        var authority = await script.GuardAsync(clock);
        using var stop = new CancellationTokenSource();
        script.IssueCall = async (_, cancel) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
            return null!;
        };
        var call = authority.IssueAsync(ScriptedAuthority.Draft(), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_cancelled_caller_never_reaches_the_plugin()
    {
        var authority = await script.GuardAsync(clock);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => authority.IssueAsync(ScriptedAuthority.Draft(), new CancellationToken(true)));
        Assert.Equal(0, script.Issues);
    }

    // Ruling 38.
    [Fact]
    public async Task An_expired_issuer_is_not_asked()
    {
        var expiring = new ScriptedAuthority(notAfter: ScriptedAuthority.Now.AddDays(1));
        var authority = await expiring.GuardAsync(clock);
        clock.Advance(TimeSpan.FromDays(1));
        Assert.False(authority.IsExpired); // RFC 5280 4.1.2.5: the last second is inside
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(authority.IsExpired);
        Assert.False((await FaultAsync(authority)).MayHaveIssued);
        Assert.Equal(0, expiring.Issues);
        await Assert.ThrowsAsync<AuthorityUnavailableException>(() => authority.ProbeAsync(TimeSpan.FromSeconds(1), default));
    }

    // Ruling 54: "with its certificates from `cert` or the last ones known".
    [Fact]
    public async Task An_authority_that_was_never_reached_serves_the_last_known_certificates()
    {
        script.CertificatesCall = _ => throw new IOException("refused");
        var known = new AuthorityCertificates(script.Issuer, [script.Issuer]);
        var authority = new GuardedAuthority(new CaConfig { Id = "default" }, "scripted", script, clock);
        Assert.True(authority.TryPublish(known));
        Assert.False((await Assert.ThrowsAsync<AuthorityUnavailableException>(() => authority.ConnectAsync(default))).MayHaveIssued);
        Assert.False(authority.IsConnected);
        Assert.Equal(script.Issuer.RawData, Assert.Single(authority.PublishedDer).ToArray());
        // And nothing is issued by them.
        Assert.Contains("has not been reached since the server started", (await FaultAsync(authority)).Message);
        Assert.Equal(0, script.Issues);
    }

    [Fact]
    public async Task Neither_what_has_expired_nor_what_is_known_better_is_served_as_last_known()
    {
        var authority = new GuardedAuthority(new CaConfig { Id = "default" }, "scripted", script, clock);
        var expired = new ScriptedAuthority(notAfter: ScriptedAuthority.Now.AddSeconds(-1)).Issuer;
        Assert.False(authority.TryPublish(new AuthorityCertificates(expired, [expired])));
        Assert.False(authority.HasCertificates);
        await authority.ConnectAsync(default);
        var other = new ScriptedAuthority().Issuer;
        Assert.False(authority.TryPublish(new AuthorityCertificates(other, [other])));
        Assert.Equal(script.Issuer.RawData, authority.Issuer.Raw.ToArray());
    }

    [Fact]
    public async Task Without_any_certificates_it_says_so()
    {
        script.CertificatesCall = _ => throw new IOException("refused");
        var authority = new GuardedAuthority(new CaConfig { Id = "default" }, "scripted", script, clock);
        Assert.False(authority.HasCertificates);
        Assert.Contains("has not been reached", Assert.Throws<AuthorityUnavailableException>(() => authority.PublishedDer).Message);
        Assert.False((await FaultAsync(authority)).MayHaveIssued);
    }

    [Fact]
    public async Task The_first_probe_that_works_fetches_the_certificates()
    {
        var authority = new GuardedAuthority(new CaConfig { Id = "default" }, "scripted", script, clock);
        await authority.ProbeAsync(TimeSpan.FromSeconds(5), default);
        Assert.True(authority.IsConnected);
        Assert.Equal(1, script.Probes);
        Assert.Equal(0, script.Issues);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ruling_30_a_chain_without_its_root_is_seen(bool complete)
        => Assert.Equal(complete, (await new ScriptedAuthority(withChain: complete).GuardAsync(clock)).EndsInRoot);

    [Fact]
    public async Task New_keys_of_the_core_keep_service_certificates_and_figures()
    {
        var authority = await script.GuardAsync(clock);
        await authority.IssueAsync(ScriptedAuthority.Draft(), default);
        var renewed = authority.With(authority.Config with { ValidityDays = 7 });
        Assert.Equal(7, renewed.Config.ValidityDays);
        Assert.True(renewed.IsConnected);
        Assert.Equal(authority.LastSigned, renewed.LastSigned);
        Assert.Same(authority.Certificates, renewed.Certificates);
    }

    // Decision 0020: a certificate comes into being only when the key's signature is in the host's hands. Its twin is the CA above that hangs.
    [Fact]
    public async Task A_holder_of_a_key_that_hangs_has_issued_nothing()
    {
        var authority = new GuardedAuthority(
            new CaConfig { Id = "hsm", Timeout = TimeSpan.FromSeconds(7) }, "hanging", new HangingKey(script.Issuer), clock);
        await authority.ConnectAsync(default);
        var fault = FaultAsync(authority);
        while (!fault.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }
        Assert.False((await fault).MayHaveIssued);
        Assert.Equal(0, authority.InFlight);
    }

    [Fact]
    public async Task A_call_that_failed_slowly_counts_as_slow_and_one_that_failed_quickly_not_as_fast()
    {
        var authority = await script.GuardAsync(clock);
        await AskAsync(100, works: true);
        await AskAsync(1, works: false);
        Assert.Equal(TimeSpan.FromMilliseconds(100), authority.TypicalLatency);
        await AskAsync(600, works: false);
        Assert.Equal(TimeSpan.FromMilliseconds(200), authority.TypicalLatency);

        async Task AskAsync(int milliseconds, bool works)
        {
            script.IssueCall = (draft, _) =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
                return works ? new(new IssueResult.Issued(script.Certify(draft))) : throw new AuthorityUnavailableException("no", mayHaveIssued: false);
            };
            await (works ? (Task)authority.IssueAsync(ScriptedAuthority.Draft(), default) : FaultAsync(authority));
        }
    }

    // Deaf to cancellation, as C functions are.
    private sealed class HangingKey(X509Certificate2 issuer)
        : SigningAuthority(new AuthorityCertificates(issuer, [issuer]), SignatureScheme.For(issuer, null, false))
    {
        private readonly TaskCompletionSource<ReadOnlyMemory<byte>> never = new();

        protected override ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancel) => new(never.Task);

        public override ValueTask DisposeAsync() => default;
    }

    private static Task<AuthorityUnavailableException> FaultAsync(GuardedAuthority authority)
        => Assert.ThrowsAsync<AuthorityUnavailableException>(() => authority.IssueAsync(ScriptedAuthority.Draft(), default));
}
