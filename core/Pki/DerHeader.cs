namespace Kipuka.Pki;

/// <summary>
/// Tags and lengths, for messages around a secret: an <c>AsnWriter</c> would keep copies of it in memory that nobody zeroes.
/// </summary>
internal static class DerHeader
{
    public const byte OctetString = 0x04;
    public const byte Sequence = 0x30;
    public const byte Context0 = 0xA0;

    /// <summary>The bytes of tag and length before so many bytes of content.</summary>
    public static int Size(int content) => content switch
    {
        < 0x80 => 2,
        < 0x100 => 3,
        < 0x10000 => 4,
        < 0x1000000 => 5,
        _ => 6,
    };

    /// <summary>Writes tag and length.</summary>
    /// <returns>What is left of the target.</returns>
    public static Span<byte> Write(Span<byte> target, byte tag, int content)
    {
        var size = Size(content);
        target[0] = tag;
        if (size == 2)
        {
            target[1] = (byte)content;
            return target[2..];
        }
        target[1] = (byte)(0x80 | (size - 2));
        for (var at = size - 1; at > 1; at--, content >>= 8)
        {
            target[at] = (byte)content;
        }
        return target[size..];
    }
}
