using Kipuka.Ha;

namespace Kipuka.Tests.Ha;

/// <summary>The five states of ruling 54, one transition after the other.</summary>
public sealed class BreakerTests
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(60);
    private readonly ManualTime clock = new();
    private readonly List<HealthChange> changes = [];

    [Fact]
    public void Failures_below_the_threshold_degrade_and_a_success_heals()
    {
        var breaker = Make(threshold: 3);
        breaker.RequestFailed("one");
        breaker.RequestFailed("two");
        Assert.Equal(BreakerState.Degraded, breaker.State);
        Assert.True(breaker.IsClosed);
        breaker.RequestSucceeded();
        Assert.Equal(BreakerState.Healthy, breaker.State);
        breaker.RequestFailed("one again");
        breaker.RequestFailed("two again");
        Assert.True(breaker.IsClosed);
    }

    [Fact]
    public void The_threshold_opens_by_way_of_unhealthy()
    {
        var breaker = Make(threshold: 3);
        for (var i = 0; i < 3; i++) breaker.RequestFailed("no session");
        Assert.Equal(BreakerState.CircuitOpen, breaker.State);
        Assert.Equal(
            [BreakerState.Degraded, BreakerState.Unhealthy, BreakerState.CircuitOpen], changes.Select(change => change.To));
        Assert.Equal([BreakerState.Healthy, BreakerState.Degraded, BreakerState.Unhealthy], changes.Select(change => change.From));
        Assert.All(changes, change => Assert.Equal("default", change.Authority));
        Assert.Contains("no session", changes[^1].Reason);
        Assert.Equal(Recovery, breaker.RetryAfter);
    }

    [Fact]
    public void Checks_alone_open_it_too()
    {
        var breaker = Make(threshold: 2);
        FailCheck(breaker);
        FailCheck(breaker);
        Assert.Equal(BreakerState.CircuitOpen, breaker.State);
    }

    [Fact]
    public void No_probe_before_the_recovery_time_and_one_after()
    {
        var breaker = Make(threshold: 1);
        breaker.RequestFailed("x");
        clock.Advance(Recovery - TimeSpan.FromTicks(1));
        Assert.False(breaker.TryBeginCheck());
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(breaker.TryBeginCheck());
        Assert.Equal(BreakerState.Recovering, breaker.State);
        Assert.False(breaker.IsClosed);
        Assert.False(breaker.TryBeginCheck());
    }

    [Fact]
    public void One_successful_probe_closes()
    {
        var breaker = Make(threshold: 1);
        breaker.RequestFailed("x");
        clock.Advance(Recovery);
        Assert.True(breaker.TryBeginCheck());
        breaker.CheckSucceeded();
        Assert.Equal(BreakerState.Healthy, breaker.State);
    }

    [Fact]
    public void With_a_success_threshold_of_two_the_second_closes()
    {
        var breaker = Make(threshold: 1, successes: 2);
        breaker.RequestFailed("x");
        clock.Advance(Recovery);
        Assert.True(breaker.TryBeginCheck());
        breaker.CheckSucceeded();
        Assert.Equal(BreakerState.Recovering, breaker.State);
        Assert.True(breaker.TryBeginCheck());
        breaker.CheckSucceeded();
        Assert.Equal(BreakerState.Healthy, breaker.State);
    }

    // "the open time doubles to at most 16 ×"
    [Fact]
    public void Every_failed_probe_doubles_the_open_time_up_to_sixteen_times()
    {
        var breaker = Make(threshold: 1);
        breaker.RequestFailed("x");
        foreach (var factor in (int[])[1, 2, 4, 8, 16, 16, 16])
        {
            Assert.Equal(Recovery * factor, breaker.RetryAfter);
            clock.Advance(breaker.RetryAfter);
            FailCheck(breaker);
        }
        clock.Advance(breaker.RetryAfter);
        Assert.True(breaker.TryBeginCheck());
        breaker.CheckSucceeded();
        clock.Advance(Recovery * 16);
        breaker.RequestFailed("again");
        Assert.Equal(Recovery, breaker.RetryAfter);
    }

    // A CA that comes and goes is not to move its group's traffic each time.
    [Fact]
    public void What_fails_again_before_it_has_worked_for_sixteen_recovery_times_stays_out_for_twice_as_long()
    {
        var breaker = Make(threshold: 1);
        breaker.RequestFailed("x");
        foreach (var factor in (int[])[1, 2, 4, 8, 16, 16])
        {
            Assert.Equal(Recovery * factor, breaker.RetryAfter);
            clock.Advance(Recovery * factor);
            PassCheck(breaker);
            Assert.Equal(BreakerState.Healthy, breaker.State);
            clock.Advance((Recovery * 16) - TimeSpan.FromTicks(1));
            breaker.RequestSucceeded();
            breaker.RequestFailed("again");
        }
    }

    [Fact]
    public void Late_results_of_requests_neither_close_nor_prolong()
    {
        var breaker = Make(threshold: 1);
        breaker.RequestFailed("x");
        clock.Advance(Recovery / 2);
        breaker.RequestSucceeded();
        breaker.RequestFailed("late");
        Assert.Equal(BreakerState.CircuitOpen, breaker.State);
        Assert.Equal(Recovery / 2, breaker.RetryAfter);
    }

    // A CA whose probe works but whose requests fail is the failure that probes cannot see.
    [Fact]
    public void Probes_that_work_do_not_forgive_requests_that_fail()
    {
        var breaker = Make(threshold: 3);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(breaker.IsClosed);
            breaker.RequestFailed("wrong answer");
            PassCheck(breaker);
            clock.Advance(TimeSpan.FromSeconds(10));
        }
        Assert.Equal(BreakerState.CircuitOpen, breaker.State);
    }

    [Fact]
    public void After_a_quiet_recovery_time_a_probe_forgives()
    {
        var breaker = Make(threshold: 3);
        breaker.RequestFailed("once");
        clock.Advance(Recovery);
        PassCheck(breaker);
        Assert.Equal(BreakerState.Healthy, breaker.State);
    }

    [Fact]
    public void An_abandoned_probe_decides_nothing_and_leaves_room_for_the_next()
    {
        var breaker = Make(threshold: 1);
        breaker.RequestFailed("x");
        clock.Advance(Recovery);
        Assert.True(breaker.TryBeginCheck());
        breaker.CheckAbandoned();
        Assert.Equal(BreakerState.Recovering, breaker.State);
        Assert.True(breaker.TryBeginCheck());
    }

    // The check began before the circuit was opened: its result is about the time before.
    [Fact]
    public void A_check_under_way_does_not_close_a_circuit_that_was_opened_meanwhile()
    {
        var breaker = Make(threshold: 3);
        Assert.True(breaker.TryBeginCheck());
        breaker.Trip("maintenance");
        breaker.CheckSucceeded();
        Assert.Equal(BreakerState.CircuitOpen, breaker.State);
    }

    // Book: "CircuitOpen → Healthy: Manual operator override (health check passes)".
    [Fact]
    public void An_operator_has_an_open_circuit_probed_at_once_and_the_probe_decides()
    {
        var breaker = Make(threshold: 1);
        breaker.RequestFailed("x");
        Assert.False(breaker.TryBeginCheck());
        Assert.True(breaker.TryBeginCheck(atOnce: true));
        breaker.CheckFailed("still");
        Assert.Equal(Recovery * 2, breaker.RetryAfter);
        Assert.True(breaker.TryBeginCheck(atOnce: true));
        breaker.CheckSucceeded();
        Assert.Equal(BreakerState.Healthy, breaker.State);
    }

    [Fact]
    public void Its_figures_say_since_when_how_often_and_for_how_long()
    {
        var breaker = Make(threshold: 2);
        clock.Advance(TimeSpan.FromHours(1));
        breaker.RequestFailed("x");
        breaker.RequestFailed("y");
        Assert.Equal(new BreakerFigures(BreakerState.CircuitOpen, clock.GetUtcNow(), 2, 2, 1, Recovery), breaker.Figures);
        clock.Advance(Recovery);
        FailCheck(breaker);
        Assert.Equal(2, breaker.Figures.TimesOpened);
        Assert.Equal(Recovery * 2, breaker.Figures.RetryAfter);
    }

    private Breaker Make(int threshold, int successes = 1) => new(
        "default", new GroupSettings(threshold, successes, Recovery, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5)), clock, changes.Add);

    private static void FailCheck(Breaker breaker)
    {
        Assert.True(breaker.TryBeginCheck());
        breaker.CheckFailed("no answer");
    }

    private static void PassCheck(Breaker breaker)
    {
        if (breaker.TryBeginCheck()) breaker.CheckSucceeded();
    }
}
