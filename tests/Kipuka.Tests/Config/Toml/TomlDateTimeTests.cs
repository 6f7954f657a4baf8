using Kipuka.Config.Toml;

namespace Kipuka.Tests.Config.Toml;

public sealed class TomlDateTimeTests
{
    [Fact]
    public void A_fraction_beyond_seven_digits_is_cut_off()
        => Assert.Equal(new TimeOnly(8, 30, 0, 123, 456).Ticks + 7, Assert.IsType<TomlLocalTime>(Read("08:30:00.12345679999")).Value.Ticks);

    [Theory]
    [InlineData("2026-01-31T08:30:00+14:00")]
    [InlineData("2026-01-31t08:30:00-05:30")]
    [InlineData("2026-01-31 08:30:00z")]
    public void An_offset_is_kept(string text)
        => Assert.True(DateTimeOffset.Parse(text).EqualsExact(Assert.IsType<TomlOffsetDateTime>(Read(text)).Value));

    [Theory]
    [InlineData("2026-01-31T08:30:00+23:59", "2026-01-30T08:31:00Z")]
    [InlineData("2026-01-31T08:30:00-14:01", "2026-01-31T22:31:00Z")]
    public void An_offset_that_dotnet_cannot_hold_becomes_utc(string text, string utc)
        => Assert.True(DateTimeOffset.Parse(utc).EqualsExact(Assert.IsType<TomlOffsetDateTime>(Read(text)).Value));

    [Fact]
    public void A_local_date_time_has_no_kind()
        => Assert.Equal(DateTimeKind.Unspecified, Assert.IsType<TomlLocalDateTime>(Read("2026-01-31T08:30:00")).Value.Kind);

    [Theory]
    [InlineData("2026-01-31 ")]
    [InlineData("2026-01-31 # 08:30:00")]
    public void A_date_that_a_space_follows_is_a_date(string text)
        => Assert.Equal(new DateOnly(2026, 1, 31), Assert.IsType<TomlLocalDate>(Read(text)).Value);

    private static TomlValue Read(string value) => TomlReader.Read("a = " + value, "test.toml").Find("a")!;
}
