using FsCheck;
using FsCheck.Fluent;
using Kipuka.Plugins.AuthOtp;

namespace Kipuka.Plugins.Tests.AuthOtp;

/// <summary>Ruling 5: "30s" "15m" "24h" "7d" "1h30m", or an integer = seconds.</summary>
public sealed class DurationTextTests
{
    [Theory]
    [InlineData("30s", 30)]
    [InlineData("15m", 900)]
    [InlineData("24h", 86400)]
    [InlineData("7d", 604800)]
    [InlineData("1h30m", 5400)]
    [InlineData("1d2h3m4s", 93784)]
    [InlineData("0", 0)]
    [InlineData("3600", 3600)]
    public void Durations_are_read(string text, long seconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("1x")]
    [InlineData("-1s")]
    [InlineData("+1s")]
    [InlineData("1.5h")]
    [InlineData("1h30")]
    [InlineData("30m1h")]
    [InlineData("1h1h")]
    [InlineData("1 h")]
    [InlineData("1H")]
    [InlineData("١s")]
    [InlineData("99999999999")]
    [InlineData("9999999999d")]
    [InlineData("0000000000000000000000000000000001s")]
    public void Anything_else_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void Every_duration_that_can_be_written_is_read_back()
        => Prop.ForAll<NonNegativeInt>(seconds =>
        {
            var span = TimeSpan.FromSeconds(seconds.Get);
            return DurationText.TryParse($"{span.Days}d{span.Hours}h{span.Minutes}m{span.Seconds}s", out var long_) && long_ == span
                && DurationText.TryParse($"{seconds.Get}", out var bare) && bare == span;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_makes_it_throw()
        => Prop.ForAll<string>(text => { _ = DurationText.TryParse(text, out _); }).QuickCheckThrowOnFailure();
}
