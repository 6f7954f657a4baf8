namespace Kipuka.Cli.Actions;

/// <summary>
/// All pages of a list that changes while it is read. What comes moves the rest to later pages, where it is met again and left out. What
/// leaves moves the rest to earlier pages, where it would be missed: then the walk begins anew.
/// </summary>
internal static class PageWalk
{
    private const int MostTimes = 10;

    /// <param name="page">A page, from 1, and how many entries the list has in all.</param>
    /// <param name="size">How many a page has.</param>
    /// <param name="key">What no two entries have alike.</param>
    /// <returns>The entries, and whether everything that stayed in the list is certainly among them.</returns>
    public static async Task<(List<T> Found, bool IsWhole)> AllAsync<T>(Func<int, Task<(IReadOnlyList<T> Items, long Total)>> page, int size, Func<T, string> key)
    {
        for (var time = 1; ; time++)
        {
            var (found, isWhole) = await OnceAsync(page, size, key);
            if (isWhole || time == MostTimes)
            {
                return (found, isWhole);
            }
        }
    }

    private static async Task<(List<T> Found, bool IsWhole)> OnceAsync<T>(Func<int, Task<(IReadOnlyList<T> Items, long Total)>> page, int size, Func<T, string> key)
    {
        List<T> found = [];
        HashSet<string> met = [];
        var isWhole = true;
        var before = 0L;
        for (var number = 1; ; number++)
        {
            var (items, total) = await page(number);
            isWhole &= total >= before;
            before = total;
            found.AddRange(items.Where(item => met.Add(key(item))));
            if (items.Count < size)
            {
                return (found, isWhole);
            }
        }
    }
}
