using FsCheck;
using FsCheck.Fluent;
using Kipuka.Ha;

namespace Kipuka.Tests.Ha;

/// <summary>What holds of a breaker whatever happens to it, in any order.</summary>
public sealed class BreakerPropertyTests
{
    private enum Step
    {
        RequestSucceeds,
        RequestFails,
        BeginCheck,
        CheckSucceeds,
        CheckFails,
        CheckAbandoned,
        Trip,
        SecondsPass,
        MinutesPass,
    }

    private static readonly HashSet<(BreakerState From, BreakerState To)> Allowed =
    [
        (BreakerState.Healthy, BreakerState.Degraded),
        (BreakerState.Healthy, BreakerState.Unhealthy), // a threshold of one
        (BreakerState.Degraded, BreakerState.Healthy),
        (BreakerState.Degraded, BreakerState.Unhealthy),
        (BreakerState.Unhealthy, BreakerState.CircuitOpen),
        (BreakerState.CircuitOpen, BreakerState.Recovering),
        (BreakerState.Recovering, BreakerState.Healthy),
        (BreakerState.Recovering, BreakerState.CircuitOpen),
        (BreakerState.Healthy, BreakerState.CircuitOpen), // by hand
        (BreakerState.Degraded, BreakerState.CircuitOpen),
    ];

    private readonly Property property = Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), Gen.Choose(1, 4).ToArbitrary(), Gen.Choose(1, 3).ToArbitrary(), Holds);

    [Fact]
    public void Never_two_probes_never_open_for_more_than_sixteen_times_never_a_step_that_the_book_does_not_know()
        => Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(200), property);

    private static void Holds(byte[] script, int threshold, int successes)
    {
        var clock = new ManualTime();
        var changes = new List<HealthChange>();
        var recovery = TimeSpan.FromSeconds(60);
        var breaker = new Breaker("ca", new GroupSettings(threshold, successes, recovery, recovery, recovery), clock, changes.Add);
        var probes = 0;
        foreach (var step in script.Select(number => (Step)(number % (int)(Step.MinutesPass + 1))))
        {
            var before = breaker.State;
            switch (step)
            {
                case Step.RequestSucceeds:
                    breaker.RequestSucceeded();
                    break;
                case Step.RequestFails:
                    breaker.RequestFailed("request");
                    break;
                case Step.BeginCheck:
                    var began = breaker.TryBeginCheck();
                    Assert.False(began && probes > 0, "two probes at once");
                    probes += began ? 1 : 0;
                    break;
                case Step.CheckSucceeds when probes > 0:
                    probes--;
                    breaker.CheckSucceeded();
                    break;
                case Step.CheckFails when probes > 0:
                    probes--;
                    breaker.CheckFailed("check");
                    break;
                case Step.CheckAbandoned when probes > 0:
                    probes--;
                    breaker.CheckAbandoned();
                    break;
                case Step.Trip:
                    breaker.Trip("by hand");
                    break;
                case Step.SecondsPass:
                    clock.Advance(TimeSpan.FromSeconds(7));
                    break;
                case Step.MinutesPass:
                    clock.Advance(TimeSpan.FromMinutes(9));
                    break;
            }
            Assert.InRange(breaker.RetryAfter, TimeSpan.Zero, recovery * 16);
            Assert.NotEqual(BreakerState.Unhealthy, breaker.State); // only ever passed through
            if (before is BreakerState.CircuitOpen or BreakerState.Recovering && breaker.IsClosed) Assert.Equal(Step.CheckSucceeds, step);
        }
        Assert.All(changes, change => Assert.Contains((change.From, change.To), Allowed));
        Assert.All(changes.Zip(changes.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));

        // Whatever happened, one recovery time of at most sixteen units later a check may be made, and enough of them close it.
        if (probes > 0) breaker.CheckAbandoned();
        clock.Advance(recovery * 16);
        for (var i = 0; i < successes; i++)
        {
            Assert.True(breaker.TryBeginCheck());
            breaker.CheckSucceeded();
        }
        Assert.True(breaker.IsClosed);
    }
}
