using Kipuka.Sdk.Ha;

namespace Kipuka.TestPlugins.Broken;

/// <summary>A strategy that rotates.</summary>
internal sealed class FlawedStrategy(string flaw) : FlawedService(flaw), IHaStrategy
{
    private ulong calls;
    private int inside;

    public int Order(ReadOnlySpan<CaStanding> members, ulong turn, Span<int> order)
    {
        if (Has("extremes") && members[0].InFlight == int.MaxValue)
        {
            throw new OverflowException();
        }
        if (Has("pure"))
        {
            turn += calls++;
        }
        var first = (int)(turn % (ulong)members.Length);
        for (var place = 0; place < members.Length; place++)
        {
            order[place] = (first + place) % members.Length;
        }
        if (Has("selection") && members.Length == 40)
        {
            order[1] = order[0];
        }
        if (Has("concurrency") && members.Length > 1 && Collides())
        {
            (order[0], order[1]) = (order[1], order[0]);
        }
        return members.Length;
    }

    private bool Collides()
    {
        var others = Interlocked.Increment(ref inside) > 1;
        for (var spin = 0; spin < 20; spin++)
        {
            others |= Volatile.Read(ref inside) > 1;
            Thread.Yield(); // also where there is one core
        }
        Interlocked.Decrement(ref inside);
        return others;
    }
}
