using Kipuka.Ca;
using Kipuka.Config;
using Kipuka.Ha;
using Kipuka.Sdk.Ca;
using Kipuka.Tests.Ca;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kipuka.Tests.Ha;

public sealed class HealthProberTests
{
    private static readonly HaConfig Config = new() { FailureThreshold = 2 };
    private readonly ManualTime clock = new();
    private readonly ScriptedAuthority script = new();
    private readonly SemaphoreSlim probed = new(0);
    private readonly LastCertificates last;
    private readonly SemaphoreSlim changed = new(0);

    public HealthProberTests() => last = new LastCertificates(new MemoryStore(clock), clock, NullLogger<LastCertificates>.Instance);

    [Fact]
    public async Task Checks_come_at_their_interval_and_never_make_a_certificate()
    {
        var groups = await BuildAsync();
        await using var prober = new HealthProber(groups, last, clock);
        clock.Advance(Config.CheckInterval - TimeSpan.FromTicks(1));
        Assert.Equal(0, script.Probes);
        clock.Advance(TimeSpan.FromTicks(1));
        await probed.WaitAsync();
        Assert.Equal(1, script.Probes);
        Assert.Equal(0, script.Issues);
    }

    [Fact]
    public async Task Failing_checks_take_a_CA_out_and_a_probe_after_the_recovery_time_brings_it_back()
    {
        var groups = await BuildAsync();
        var works = false;
        script.ProbeCall = _ => works ? default : throw new IOException("token removed");
        await using var prober = new HealthProber(groups, last, clock);
        clock.Advance(Config.CheckInterval);
        await changed.WaitAsync(); // degraded
        clock.Advance(Config.CheckInterval);
        await changed.WaitAsync(); // unhealthy
        await changed.WaitAsync(); // circuit_open
        Assert.Empty((await groups.Of("one").OrderAsync()));

        works = true;
        var before = script.Probes;
        clock.Advance(Config.RecoveryTimeout);
        await changed.WaitAsync(); // recovering
        await changed.WaitAsync(); // healthy
        Assert.Single((await groups.Of("one").OrderAsync()));
        Assert.Equal(before + 1, script.Probes);
    }

    [Fact]
    public async Task A_check_that_hangs_fails_at_its_own_timeout()
    {
        var groups = await BuildAsync();
        script.ProbeCall = async cancel =>
        {
            probed.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
        };
        var check = groups.Find("one")!.CheckAsync(default);
        await probed.WaitAsync();
        clock.Advance(Config.CheckTimeout);
        await check;
        Assert.Equal(BreakerState.Degraded, groups.Find("one")!.State);
    }

    [Fact]
    public async Task Stopping_ends_a_check_under_way_without_judging_the_CA()
    {
        var groups = await BuildAsync();
        script.ProbeCall = async cancel =>
        {
            probed.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
        };
        var prober = new HealthProber(groups, last, clock);
        clock.Advance(Config.CheckInterval);
        await probed.WaitAsync();
        await prober.DisposeAsync();
        Assert.Equal(BreakerState.Healthy, groups.Find("one")!.State);
        Assert.True(groups.Find("one")!.Breaker.TryBeginCheck());
    }

    [Fact]
    public async Task A_service_without_a_probe_is_asked_for_its_certificates()
    {
        var plain = new Unprobed(script);
        var authority = new Kipuka.Ca.GuardedAuthority(new CaConfig { Id = "one" }, "plain", plain, clock);
        await authority.ProbeAsync(TimeSpan.FromSeconds(5), default);
        await authority.ProbeAsync(TimeSpan.FromSeconds(5), default);
        Assert.Equal(2, plain.Fetches);
        Assert.Equal(0, script.Probes + script.Issues);
    }

    private async Task<CaGroups> BuildAsync()
    {
        script.ProbeCall = _ =>
        {
            probed.Release();
            return default;
        };
        return CaGroups.Build(
            [await script.GuardAsync(clock, "one")], Config, _ => throw new InvalidOperationException(), _ => changed.Release(), new Failovers(new MemoryStore(clock), clock), clock,
            NullLogger.Instance);
    }

    private sealed class Unprobed(ScriptedAuthority inner) : ICertificateAuthority
    {
        public int Fetches { get; private set; }

        public ValueTask<AuthorityCertificates> GetCertificatesAsync(CancellationToken cancel)
        {
            Fetches++;
            return inner.GetCertificatesAsync(cancel);
        }

        public ValueTask<IssueResult> IssueAsync(CertificateDraft draft, CancellationToken cancel) => inner.IssueAsync(draft, cancel);

        public ValueTask DisposeAsync() => default;
    }
}
