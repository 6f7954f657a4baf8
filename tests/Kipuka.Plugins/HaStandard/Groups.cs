using FsCheck;
using FsCheck.Fluent;
using Kipuka.Sdk.Ha;

namespace Kipuka.Plugins.Tests.HaStandard;

/// <summary>Groups as strategies see them, and what strategies make of them.</summary>
internal static class Groups
{
    /// <summary>Weights of 1 to 8 CAs, at least one of them not a standby.</summary>
    public static Arbitrary<int[]> Weights => Gen.Choose(1, 8)
        .SelectMany(count => Gen.OneOf(Gen.Constant(0), Gen.Choose(1, 10), Gen.Choose(1, 1000), Gen.Choose(1, 1_000_000)).ArrayOf(count))
        .Where(weights => weights.Any(weight => weight > 0)).ToArbitrary();

    public static Arbitrary<ulong> Turns => Gen.OneOf(
        Gen.Choose(0, 1000).Select(turn => (ulong)turn), ArbMap.Default.GeneratorFor<ulong>(), Gen.Constant(ulong.MaxValue - 5000)).ToArbitrary();

    public static CaStanding[] Weighted(params int[] weights) => [.. weights.Select((weight, index) => new CaStanding($"ca-{index}", weight, 0, null))];

    /// <summary>The whole order, of which a strategy must have written each place.</summary>
    public static int[] Order(IHaStrategy strategy, CaStanding[] members, ulong turn)
    {
        var order = new int[members.Length];
        Array.Fill(order, -1);
        Assert.Equal(members.Length, strategy.Order(members, turn, order));
        Assert.Equal(Enumerable.Range(0, members.Length), order.Order());
        return order;
    }
}
