namespace Kipuka.Sdk;

/// <summary>A number of bytes, written <c>"512B"</c>, <c>"1KB"</c>, <c>"1MB"</c>, <c>"2GB"</c> (powers of 1024) or as an integer.</summary>
/// <param name="Bytes">0 or more.</param>
public readonly record struct ByteSize(long Bytes)
{
    /// <summary>The largest unit that divides it, such as <c>1MB</c>.</summary>
    public override string ToString() => Bytes switch
    {
        > 0 when Bytes % (1L << 30) == 0 => $"{Bytes >> 30}GB",
        > 0 when Bytes % (1L << 20) == 0 => $"{Bytes >> 20}MB",
        > 0 when Bytes % (1L << 10) == 0 => $"{Bytes >> 10}KB",
        _ => $"{Bytes}B",
    };
}
