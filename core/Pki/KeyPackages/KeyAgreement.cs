using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Kipuka.Pki;

/// <summary>What both sides of a key agreement compute (RFC 5753 section 7.2): the X9.63 key derivation over ECC-CMS-SharedInfo.</summary>
internal static class KeyAgreement
{
    /// <summary>The scheme that goes with a curve: a hash as strong as it (RFC 5753 section 8).</summary>
    public static string Scheme(KeyType curve) => curve.Size switch
    {
        256 => Oids.StdDhSha256Kdf,
        384 => Oids.StdDhSha384Kdf,
        _ => Oids.StdDhSha512Kdf,
    };

    public static HashAlgorithmName? Hash(string scheme) => scheme switch
    {
        Oids.StdDhSha256Kdf => HashAlgorithmName.SHA256,
        Oids.StdDhSha384Kdf => HashAlgorithmName.SHA384,
        Oids.StdDhSha512Kdf => HashAlgorithmName.SHA512,
        _ => default(HashAlgorithmName?),
    };

    /// <summary>The key-encryption key. All hashes here are at least as long as it, so the first round of the derivation is all of it.</summary>
    /// <param name="mine">One side's private key.</param>
    /// <param name="theirs">The other's public key, on the same curve.</param>
    /// <param name="hash">The scheme's.</param>
    /// <param name="wrap">The key wrap's AlgorithmIdentifier, as it stands in the message.</param>
    /// <param name="wrapKeyBytes">The length of its key.</param>
    /// <param name="ukm">User keying material; null when there is none.</param>
    public static PinnedBuffer Derive(
        ECDiffieHellman mine, ECDiffieHellmanPublicKey theirs, HashAlgorithmName hash,
        ReadOnlySpan<byte> wrap, int wrapKeyBytes, ReadOnlyMemory<byte>? ukm)
    {
        byte[] counter = [0, 0, 0, 1];
        var derived = mine.DeriveKeyFromHash(theirs, hash, null, [.. counter, .. SharedInfo(wrap, wrapKeyBytes, ukm)]);
        var key = new PinnedBuffer(wrapKeyBytes);
        derived.AsSpan(0, wrapKeyBytes).CopyTo(key.Span);
        CryptographicOperations.ZeroMemory(derived);
        return key;
    }

    public static byte[] WrapAlgorithm(int wrapKeyBytes)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence()) writer.WriteObjectIdentifier(AesKeyWrap.Oid(wrapKeyBytes));
        return writer.Encode();
    }

    private static byte[] SharedInfo(ReadOnlySpan<byte> wrap, int wrapKeyBytes, ReadOnlyMemory<byte>? ukm)
    {
        Span<byte> bits = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bits, wrapKeyBytes * 8);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(wrap);
            if (ukm is { } material)
            {
                using var entity = writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
                writer.WriteOctetString(material.Span);
            }
            using var supplement = writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2));
            writer.WriteOctetString(bits);
        }
        return writer.Encode();
    }
}
