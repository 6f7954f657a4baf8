using Kipuka.Config.Binding;

namespace Kipuka.Tests.Config;

public sealed class EndPointsTests
{
    [Theory]
    [InlineData("0.0.0.0:8443", "0.0.0.0:8443")]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    [InlineData("[::]:8443", "[::]:8443")]
    [InlineData("[::1]:65535", "[::1]:65535")]
    [InlineData("localhost:8443", "127.0.0.1:8443")]
    public void An_address_and_a_port(string text, string expected)
    {
        Assert.True(EndPoints.TryParse(text, out var endPoint, out _));
        Assert.Equal(expected, endPoint.ToString());
    }

    [Theory]
    [InlineData("", "an address and a port")]
    [InlineData("8443", "an address and a port")]
    [InlineData("0.0.0.0", "an address and a port")]
    [InlineData(":8443", "write 0.0.0.0 for all")]
    [InlineData("*:8443", "names are not resolved")]
    [InlineData("est.example.com:8443", "names are not resolved")]
    [InlineData("1:8443", "names are not resolved")]
    [InlineData("[1.2.3.4]:8443", "names are not resolved")]
    [InlineData("::1:8443", "without brackets")]
    [InlineData("0.0.0.0:65536", "port from 0 to 65535")]
    [InlineData("0.0.0.0:-1", "port from 0 to 65535")]
    [InlineData("0.0.0.0:", "port from 0 to 65535")]
    public void Anything_else_is_told_why(string text, string why)
    {
        Assert.False(EndPoints.TryParse(text, out _, out var problem));
        Assert.Contains(why, problem, StringComparison.Ordinal);
    }
}
