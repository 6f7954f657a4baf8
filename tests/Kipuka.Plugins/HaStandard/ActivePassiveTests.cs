using Kipuka.Plugins.HaStandard;
using Kipuka.Sdk.Ha;

namespace Kipuka.Plugins.Tests.HaStandard;

public sealed class ActivePassiveTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(64)]
    public void The_order_is_the_configured_one_whatever_turn_weight_and_latency(int count)
    {
        var members = Enumerable.Range(0, count).Select(i => new CaStanding($"ca{i}", i, count - i, TimeSpan.FromSeconds(count - i))).ToArray();
        var strategy = new ActivePassive();
        foreach (var turn in (ulong[])[0, 1, 7, ulong.MaxValue])
        {
            var order = new int[count];
            Assert.Equal(count, strategy.Order(members, turn, order));
            Assert.Equal(Enumerable.Range(0, count), order);
        }
    }
}
