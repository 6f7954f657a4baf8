using Kipuka.Sdk.Ha;

namespace Kipuka.Sdk.Tck;

/// <summary>Groups of CAs to be ordered.</summary>
internal static class Groups
{
    public const int Most = 64;

    public static readonly IReadOnlyList<ulong> Turns = [0, 1, 2, 63, 64, 65, 1_000_003, int.MaxValue, uint.MaxValue, long.MaxValue, ulong.MaxValue - 1, ulong.MaxValue];

    /// <summary>One group of each size, with weights, load and latencies that differ.</summary>
    public static IEnumerable<CaStanding[]> Usual() => Enumerable.Range(1, Most).Select(size => Enumerable.Range(0, size)
        .Select(index => new CaStanding($"ca-{index}", index * 37 % 101, index * 5 % 7, index % 4 == 0 ? null : TimeSpan.FromMilliseconds(1 + (index * 13 % 29)))).ToArray());

    /// <summary>What nobody configures on purpose and what happens all the same.</summary>
    public static IEnumerable<(string What, CaStanding[] Group)> Extreme()
    {
        foreach (var size in (int[])[1, 2, 3, Most])
        {
            yield return ("weights that are all 0", Fill(size, _ => new CaStanding("a", 0, 0, null)));
            yield return ("weights that are all 1 000 000", Fill(size, index => new CaStanding($"{index}", 1_000_000, 0, TimeSpan.Zero)));
            yield return ("int.MaxValue requests in work", Fill(size, index => new CaStanding($"{index}", 1000, int.MaxValue, TimeSpan.MaxValue)));
            yield return ("a latency of zero and none at all", Fill(size, index => new CaStanding($"{index}", index % 2 * 1000, 0, index % 2 == 0 ? TimeSpan.Zero : null)));
            yield return ("names that are empty, equal or not ASCII", Fill(size, index => new CaStanding(index % 3 == 0 ? "" : "ČÁ", 1, index, TimeSpan.FromTicks(1))));
        }
    }

    private static CaStanding[] Fill(int size, Func<int, CaStanding> member) => [.. Enumerable.Range(0, size).Select(member)];
}
