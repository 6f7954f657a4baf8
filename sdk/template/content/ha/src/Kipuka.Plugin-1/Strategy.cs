using Kipuka.Sdk.Ha;

namespace Kipuka.Plugin_1;

/// <summary>A pure function: no clock, no state, no chance. The turn is what makes it rotate.</summary>
internal sealed class Strategy : IHaStrategy
{
    public int Order(ReadOnlySpan<CaStanding> members, ulong turn, Span<int> order)
    {
        var first = (int)(turn % (ulong)members.Length);
        var count = Take(members, first, order, 0, standbys: false);
        return Take(members, first, order, count, standbys: true);
    }

    public ValueTask DisposeAsync() => default;

    private static int Take(ReadOnlySpan<CaStanding> members, int first, Span<int> order, int count, bool standbys)
    {
        for (var place = 0; place < members.Length; place++)
        {
            var index = (first + place) % members.Length;
            if (members[index].Weight == 0 == standbys)
            {
                order[count++] = index;
            }
        }
        return count;
    }
}
