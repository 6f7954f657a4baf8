using System.Net;
using Kipuka.Audit;
using Kipuka.Tests.Ha;

namespace Kipuka.Tests.Audit;

public class FailureDamperTests
{
    private static readonly IPAddress Source = IPAddress.Parse("192.0.2.1");

    [Fact]
    public void Ten_a_minute_are_written_and_the_rest_becomes_one_count_ruling_55()
    {
        var time = new ManualTime();
        var damper = new FailureDamper(time);
        Assert.Equal(10, Enumerable.Range(0, 25).Count(_ => damper.Admits(Source, "auth.otp.failure")));
        Assert.Empty(damper.Collect());
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([(Source, "auth.otp.failure", 15)], damper.Collect());
        Assert.Empty(damper.Collect());
        Assert.True(damper.Admits(Source, "auth.otp.failure"));
    }

    [Fact]
    public void Kinds_and_sources_are_counted_apart()
    {
        var damper = new FailureDamper(new ManualTime());
        Assert.All(Enumerable.Range(0, 10), _ => Assert.True(damper.Admits(Source, "a.b")));
        Assert.False(damper.Admits(Source, "a.b"));
        Assert.True(damper.Admits(Source, "a.c"));
        Assert.True(damper.Admits(IPAddress.Parse("192.0.2.2"), "a.b"));
    }

    [Fact]
    public void A_flood_of_sources_shares_one_count_instead_of_memory_without_bound()
    {
        var damper = new FailureDamper(new ManualTime());
        for (var i = 0; i < 10_000; i++)
        {
            damper.Admits(new IPAddress(i + 1L), "a.b");
        }
        Assert.Equal(10, Enumerable.Range(20_000, 100).Count(i => damper.Admits(new IPAddress(i), "a.b")));
    }
}
