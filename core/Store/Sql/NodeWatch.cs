namespace Kipuka.Store;

/// <summary>Which nodes live, judged by their writing: who has not written while this process wrote several times is dead. No clocks are compared.</summary>
internal sealed class NodeWatch
{
    /// <summary>How often a process writes at least.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    /// <summary>How many looks, a <see cref="Beat"/> apart, find nothing new of one that is dead.</summary>
    public const int Looks = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Seen> _nodes = [];
    private int _looks;

    /// <summary>Takes what a look has found.</summary>
    public void See(IReadOnlyList<(string Node, byte[] Mark)> marks)
    {
        lock (_gate)
        {
            _looks = Math.Min(_looks + 1, Looks);
            foreach ((string node, byte[] mark) in marks)
            {
                bool same = _nodes.TryGetValue(node, out Seen? before) && before.Mark.AsSpan().SequenceEqual(mark);
                _nodes[node] = new Seen(mark, same ? before!.Times + 1 : 0);
            }
        }
    }

    /// <summary>Whether a node may live. Who has just begun to look does not know yet, and takes it for alive.</summary>
    public bool MayLive(string node)
    {
        lock (_gate)
        {
            return _looks < Looks || (_nodes.TryGetValue(node, out Seen? seen) && seen.Times < Looks);
        }
    }

    private sealed record Seen(byte[] Mark, int Times);
}
