using Kipuka.Plugins.CaPkcs11;
using Kipuka.Plugins.Tests.Fakes;

namespace Kipuka.Plugins.Tests.CaPkcs11;

/// <summary>When one more job may wait for the threads that are at work.</summary>
public sealed class PaceTests
{
    private readonly ManualClock clock = new(DateTimeOffset.UnixEpoch);
    private readonly Pace pace;

    public PaceTests() => pace = new Pace(clock);

    [Fact]
    public void What_is_not_known_yet_is_not_quick()
    {
        pace.Begin();
        Assert.False(pace.IsQuick(0));
    }

    [Fact]
    public void Behind_quick_jobs_a_few_may_wait_and_no_more()
    {
        Do(100, TimeSpan.FromMilliseconds(0.2));
        pace.Begin();
        Assert.True(pace.IsQuick(10));
        Assert.False(pace.IsQuick(20));
    }

    [Fact]
    public void Behind_slow_jobs_nobody_waits()
    {
        Do(100, TimeSpan.FromMilliseconds(0.2));
        Do(100, TimeSpan.FromMilliseconds(1));
        pace.Begin();
        Assert.False(pace.IsQuick(0));
    }

    [Fact]
    public void A_few_that_took_long_say_nothing_of_the_rest()
    {
        for (var round = 0; round < 50; round++)
        {
            Do(9, TimeSpan.FromMilliseconds(0.2));
            Do(1, TimeSpan.FromSeconds(2));
        }
        pace.Begin();
        Assert.True(pace.IsQuick(0));
    }

    [Fact]
    public void Behind_a_quick_job_that_does_not_end_nobody_waits()
    {
        Do(100, TimeSpan.FromMilliseconds(0.2));
        pace.Begin();
        clock.Advance(TimeSpan.FromMilliseconds(9));
        Assert.True(pace.IsQuick(0));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(pace.IsQuick(0));
    }

    // Two threads: one is quick and sleeps again, the other hangs.
    [Fact]
    public void When_a_quick_thread_has_gone_to_sleep_nobody_waits_for_the_others()
    {
        Do(100, TimeSpan.FromMilliseconds(0.2));
        pace.Begin();
        Assert.True(pace.IsQuick(0));
        pace.Rest();
        Assert.False(pace.IsQuick(0));
        pace.Begin();
        Assert.True(pace.IsQuick(0));
    }

    private void Do(int jobs, TimeSpan each)
    {
        for (var job = 0; job < jobs; job++)
        {
            var begun = pace.Begin();
            clock.Advance(each);
            pace.End(begun);
        }
    }
}
