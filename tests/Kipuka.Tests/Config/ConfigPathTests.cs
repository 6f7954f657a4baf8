using Kipuka.Config;

namespace Kipuka.Tests.Config;

public sealed class ConfigPathTests
{
    [Theory]
    [InlineData("otp.max_uses", "otp", "max_uses")]
    [InlineData("otp", "", "otp")]
    [InlineData("ca[2].file.key", "ca[2].file", "key")]
    [InlineData("gssapi.principal_mapping.\"user@EXAMPLE.COM\"", "gssapi.principal_mapping", "\"user@EXAMPLE.COM\"")]
    public void The_last_step_is_the_key(string path, string table, string key) => Assert.Equal((table, key), ConfigPath.SplitLast(path));

    [Theory]
    [InlineData("a.b")]
    [InlineData("a[0]")]
    [InlineData("quote\"d \\ x")]
    [InlineData("")]
    public void Any_key_survives_its_path(string key)
        => Assert.Equal([("t", null), (key, (int?)null)], ConfigPath.Steps(ConfigPath.Combine("t", key)));

    [Fact]
    public void Indexes_are_steps() => Assert.Equal([("a", null), ("", 1), ("", 2), ("b", (int?)null)], ConfigPath.Steps("a[1][2].b"));
}
