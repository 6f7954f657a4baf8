namespace Kipuka.Store;

/// <summary>The last record of a node's chain; sequence 0 and 32 zero bytes before the first.</summary>
internal sealed record ChainHead(long Sequence, byte[] Hash)
{
    public static ChainHead Empty { get; } = new(0, new byte[32]);
}
