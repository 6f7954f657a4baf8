using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Kipuka.Pki;

/// <summary>AES key wrap (RFC 3394), without padding: the platform has the padded kind of RFC 5649 only.</summary>
internal static class AesKeyWrap
{
    private const int Block = 8;
    private const ulong InitialValue = 0xA6A6A6A6A6A6A6A6;

    /// <summary>The algorithm's OID for a key-encryption key of so many bytes (RFC 3565 section 2.3.2).</summary>
    public static string Oid(int kekBytes) => kekBytes switch
    {
        16 => Oids.Aes128Wrap,
        24 => Oids.Aes192Wrap,
        32 => Oids.Aes256Wrap,
        _ => throw new ArgumentOutOfRangeException(nameof(kekBytes)),
    };

    /// <summary>The length of the key-encryption key; null for another algorithm.</summary>
    public static int? KekBytes(string oid) => oid switch
    {
        Oids.Aes128Wrap => 16,
        Oids.Aes192Wrap => 24,
        Oids.Aes256Wrap => 32,
        _ => null,
    };

    public static byte[] Wrap(ReadOnlySpan<byte> kek, ReadOnlySpan<byte> key)
    {
        var wrapped = new byte[Block + key.Length];
        key.CopyTo(wrapped.AsSpan(Block));
        using var aes = Aes.Create();
        aes.SetKey(kek);
        Span<byte> pair = stackalloc byte[2 * Block];
        var blocks = key.Length / Block;
        var check = InitialValue;
        for (var step = 1; step <= 6 * blocks; step++)
        {
            var at = wrapped.AsSpan(Block * (((step - 1) % blocks) + 1), Block);
            BinaryPrimitives.WriteUInt64BigEndian(pair, check);
            at.CopyTo(pair[Block..]);
            aes.EncryptEcb(pair, pair, PaddingMode.None);
            check = BinaryPrimitives.ReadUInt64BigEndian(pair) ^ (ulong)step;
            pair[Block..].CopyTo(at);
        }
        BinaryPrimitives.WriteUInt64BigEndian(wrapped, check);
        CryptographicOperations.ZeroMemory(pair);
        return wrapped;
    }

    /// <exception cref="CryptographicException">It is not a key wrapped with this one.</exception>
    public static PinnedBuffer Unwrap(ReadOnlySpan<byte> kek, ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length is < 3 * Block or > 128 || wrapped.Length % Block != 0)
        {
            throw new CryptographicException("no wrapped key has this length");
        }
        var key = new PinnedBuffer(wrapped.Length - Block);
        wrapped[Block..].CopyTo(key.Span);
        using var aes = Aes.Create();
        aes.SetKey(kek);
        Span<byte> pair = stackalloc byte[2 * Block];
        var blocks = key.Length / Block;
        var check = BinaryPrimitives.ReadUInt64BigEndian(wrapped);
        for (var step = 6 * blocks; step > 0; step--)
        {
            var at = key.Span.Slice(Block * ((step - 1) % blocks), Block);
            BinaryPrimitives.WriteUInt64BigEndian(pair, check ^ (ulong)step);
            at.CopyTo(pair[Block..]);
            aes.DecryptEcb(pair, pair, PaddingMode.None);
            check = BinaryPrimitives.ReadUInt64BigEndian(pair);
            pair[Block..].CopyTo(at);
        }
        CryptographicOperations.ZeroMemory(pair);
        if (check == InitialValue)
        {
            return key;
        }
        key.Dispose();
        throw new CryptographicException("the key is wrapped with another one");
    }
}
