using Kipuka.Sdk.Ha;
using Kipuka.Sdk.Tck;

namespace Kipuka.Plugin_1.Tests;

public sealed class StrategyTests
{
    [Fact]
    public async Task The_plugin_keeps_the_contract()
        => (await HaSuite.RunAsync(new StrategyPlugin(), new StrategySettings())).ThrowIfFailed();

    [Fact]
    public void A_standby_comes_last()
    {
        CaStanding[] members = [new("standby", 0, 0, null), new("a", 1, 0, null), new("b", 1, 0, null)];
        var order = new int[3];
        Assert.Equal(3, new Strategy().Order(members, 2, order));
        Assert.Equal([2, 1, 0], order);
    }
}
