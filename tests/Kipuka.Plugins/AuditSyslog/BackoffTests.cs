using Kipuka.Plugins.AuditSyslog;
using Kipuka.Plugins.Tests.Fakes;

namespace Kipuka.Plugins.Tests.AuditSyslog;

public sealed class BackoffTests
{
    private readonly ManualClock clock = new(DateTimeOffset.UnixEpoch);
    private readonly Backoff backoff;

    public BackoffTests() => backoff = new Backoff(clock);

    [Fact]
    public void The_first_attempt_is_free_and_the_pauses_grow_to_half_a_minute()
    {
        backoff.Ask();
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 30, 30 })
        {
            backoff.Failed("refused", wasOpen: false);
            clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.Equal("refused (next attempt in 1 s)", Assert.Throws<IOException>(backoff.Ask).Message);
            clock.Advance(TimeSpan.FromTicks(1));
            backoff.Ask();
        }
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(29, false)]
    public void Only_a_connection_that_lasted_is_made_anew_at_once(int seconds, bool atOnce)
    {
        backoff.Failed("refused", wasOpen: false);
        clock.Advance(TimeSpan.FromSeconds(1));
        backoff.Opened();
        clock.Advance(TimeSpan.FromSeconds(seconds));
        backoff.Failed("closed", wasOpen: true);
        Assert.Equal(atOnce, Record.Exception(backoff.Ask) is null);
    }
}
