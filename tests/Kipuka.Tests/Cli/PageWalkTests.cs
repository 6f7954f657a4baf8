using Kipuka.Cli.Actions;

namespace Kipuka.Tests.Cli;

/// <summary><c>--all</c> of a list that changes while it is read.</summary>
public sealed class PageWalkTests
{
    private readonly List<int> list = [.. Enumerable.Range(1, 10).Reverse()];
    private int asked;

    [Fact]
    public async Task A_list_that_stays_is_read_once()
    {
        var (found, isWhole) = await WalkAsync(_ => { });
        Assert.Equal((10, 9, true, 4), (found[0], found[1], isWhole, asked));
        Assert.Equal(Enumerable.Range(1, 10).Reverse(), found);
    }

    [Fact]
    public async Task What_comes_meanwhile_is_no_reason_to_begin_anew_and_nothing_is_there_twice()
    {
        var (found, isWhole) = await WalkAsync(number =>
        {
            if (number == 2)
            {
                list.Insert(0, 11);
            }
        });
        Assert.True(isWhole);
        Assert.Equal(Enumerable.Range(1, 10).Reverse(), found);
    }

    [Fact]
    public async Task What_leaves_meanwhile_makes_nobody_be_missed()
    {
        var left = false;
        var (found, isWhole) = await WalkAsync(number =>
        {
            // Decided by somebody else, after the first page was read: 7 moves to that page.
            if (number == 2 && !left)
            {
                left = list.Remove(9);
            }
        });
        Assert.True(isWhole);
        Assert.Equal([10, 8, 7, 6, 5, 4, 3, 2, 1], found);
    }

    [Fact]
    public async Task A_list_that_never_rests_is_given_as_far_as_it_was_seen_and_said_to_be_so()
    {
        var next = 100;
        var (found, isWhole) = await WalkAsync(number =>
        {
            if (number == 1)
            {
                list.InsertRange(0, [next++, next++]);
            }
            else if (number == 2)
            {
                list.RemoveAt(0);
            }
        });
        Assert.False(isWhole);
        Assert.NotEmpty(found);
    }

    private Task<(List<int> Found, bool IsWhole)> WalkAsync(Action<int> before) => PageWalk.AllAsync<int>(
        number =>
        {
            asked++;
            before(number);
            return Task.FromResult<(IReadOnlyList<int>, long)>(([.. list.Skip((number - 1) * 3).Take(3)], list.Count));
        },
        3,
        item => $"{item}");
}
