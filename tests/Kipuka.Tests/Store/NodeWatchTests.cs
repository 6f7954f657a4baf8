using Kipuka.Store;

namespace Kipuka.Tests.Store;

public sealed class NodeWatchTests
{
    private readonly NodeWatch _watch = new();

    [Fact]
    public void A_node_that_writes_nothing_for_some_looks_is_dead_and_lives_again_when_it_writes()
    {
        See(NodeWatch.Looks, look => ("busy", (byte)look), _ => ("silent", 1));
        Assert.True(_watch.MayLive("silent"));
        See(1, _ => ("busy", 100), _ => ("silent", 1));
        Assert.False(_watch.MayLive("silent"));
        Assert.True(_watch.MayLive("busy"));
        See(1, _ => ("busy", 101), _ => ("silent", 2));
        Assert.True(_watch.MayLive("silent"));
    }

    [Fact]
    public void Who_has_just_begun_to_look_takes_everybody_for_alive_and_later_an_unknown_node_for_dead()
    {
        See(NodeWatch.Looks - 1, _ => ("busy", 1));
        Assert.True(_watch.MayLive("unknown"));
        See(1, _ => ("busy", 2));
        Assert.False(_watch.MayLive("unknown"));
    }

    private void See(int looks, params Func<int, (string, byte)>[] nodes)
    {
        for (int look = 0; look < looks; look++)
        {
            _watch.See([.. nodes.Select(node => (node(look).Item1, new[] { node(look).Item2 }))]);
        }
    }
}
