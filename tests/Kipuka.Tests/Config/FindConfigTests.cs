using Kipuka.Config;

namespace Kipuka.Tests.Config;

public sealed class FindConfigTests
{
    [Theory]
    [InlineData("x.toml", "", "x.toml")]
    [InlineData(null, "/srv/kipuka.toml /etc/kipuka/kipuka.toml", "/srv/kipuka.toml")]
    [InlineData(null, "/etc/kipuka/kipuka.toml", "/etc/kipuka/kipuka.toml")]
    [InlineData(null, "", null)]
    public void What_is_given_then_the_working_folder_then_etc(string? given, string existing, string? expected)
        => Assert.Equal(expected, FindConfig.Path(given, "/srv", existing.Split(' ').Contains));
}
