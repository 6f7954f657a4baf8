using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace Kipuka.Pki;

/// <summary>A SubjectPublicKeyInfo (RFC 5280 4.1.2.7) of a kind that we know, checked down to the key's own numbers.</summary>
internal sealed class PublicKeyInfo
{
    private PublicKeyInfo(ReadOnlyMemory<byte> raw, ReadOnlyMemory<byte> key, KeyType type, int bits)
    {
        Raw = raw;
        KeyBytes = key;
        KeyType = type;
        KeyBits = bits;
    }

    /// <summary>The whole SubjectPublicKeyInfo, DER.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The content of subjectPublicKey, without the count of unused bits.</summary>
    public ReadOnlyMemory<byte> KeyBytes { get; }

    public KeyType KeyType { get; }

    /// <summary>Bits of the modulus or of the field; for ML-DSA and ML-KEM, of the encoded key.</summary>
    public int KeyBits { get; }

    public static PublicKeyInfo Parse(ReadOnlyMemory<byte> der, string what = "the public key")
    {
        var (algorithm, key) = Der.Read(der, what, static reader =>
        {
            var sequence = reader.ReadSequence();
            var algorithm = AlgorithmIdentifier.Read(sequence);
            var key = sequence.ReadWholeBits("the public key");
            sequence.ThrowIfNotEmpty();
            return (algorithm, key);
        });
        var (type, bits) = algorithm.Oid switch
        {
            Oids.RsaEncryption => ReadRsa(algorithm, key, what),
            Oids.EcPublicKey => ReadEc(algorithm, key.Span, what),
            Oids.Ed25519 => ReadFixed(algorithm, key, KeyType.Ed25519, 32, what),
            Oids.MlDsa44 => ReadFixed(algorithm, key, KeyType.MlDsa44, 1312, what),
            Oids.MlDsa65 => ReadFixed(algorithm, key, KeyType.MlDsa65, 1952, what),
            Oids.MlDsa87 => ReadFixed(algorithm, key, KeyType.MlDsa87, 2592, what),
            Oids.MlKem512 => ReadMlKem(algorithm, key, KeyType.MlKem512, 800, what),
            Oids.MlKem768 => ReadMlKem(algorithm, key, KeyType.MlKem768, 1184, what),
            Oids.MlKem1024 => ReadMlKem(algorithm, key, KeyType.MlKem1024, 1568, what),
            var unknown => throw new MalformedException($"{what} has the unknown algorithm {unknown}"),
        };
        return new PublicKeyInfo(der, key, type, bits);
    }

    /// <summary>RFC 5280 4.2.1.2 method 1: SHA-1 of the key's bits. A name for the key, not a protection of it.</summary>
#pragma warning disable CA5350 // the standard's own choice, and nothing rests on its strength
    public byte[] KeyIdentifier() => SHA1.HashData(KeyBytes.Span);
#pragma warning restore CA5350

    /// <summary>Whether this key made the signature. Throws <see cref="MalformedException"/> for an algorithm that is not taken.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, AlgorithmIdentifier alg) =>
        SignatureAlgorithms.Parse(alg).Verify(this, data, signature);

    private static (KeyType, int) ReadRsa(AlgorithmIdentifier algorithm, ReadOnlyMemory<byte> key, string what)
    {
        if (!algorithm.ParametersAreNull) throw new MalformedException($"{what} has RSA parameters that are not NULL (RFC 3279 2.3.1)");
        var (modulus, exponent) = ReadRsaNumbers(key);
        if (modulus.Sign <= 0 || modulus.IsEven) throw new MalformedException($"{what} has an RSA modulus that is not odd and positive");
        if (exponent < 3 || exponent.IsEven || exponent > BigInteger.One << 64)
            throw new MalformedException($"{what} has an RSA exponent that is not odd and between 3 and 2^64");
        var bits = (int)modulus.GetBitLength();
        return bits <= Limits.RsaBits
            ? (KeyType.Rsa(bits), bits)
            : throw new MalformedException($"{what} has an RSA modulus of more than {Limits.RsaBits} bits");
    }

    /// <summary>RSAPublicKey (RFC 8017 A.1.1).</summary>
    internal static (BigInteger Modulus, BigInteger Exponent) ReadRsaNumbers(ReadOnlyMemory<byte> key) =>
        Der.Read(key, "the RSA public key", static reader =>
        {
            var sequence = reader.ReadSequence();
            var numbers = (sequence.ReadInteger(), sequence.ReadInteger());
            sequence.ThrowIfNotEmpty();
            return numbers;
        });

    private static (KeyType, int) ReadEc(AlgorithmIdentifier algorithm, ReadOnlySpan<byte> point, string what)
    {
        if (algorithm.Parameters is not { } parameters || !IsOid(parameters))
            throw new MalformedException($"{what} does not name its curve by an OID (RFC 5480 2.1.1)");
        var oid = Der.Read(parameters, $"{what}'s curve", static reader => reader.ReadOid());
        var curve = NamedCurve.ByOid(oid) ?? throw new MalformedException($"{what} is on the unknown curve {oid}");
        if (point.Length != 1 + (2 * curve.CoordinateBytes) || point[0] != 0x04)
            throw new MalformedException($"{what} is not an uncompressed point of its curve (RFC 5480 2.2)");
        if (!curve.IsOnCurve(point)) throw new MalformedException($"{what} is a point that is not on its curve");
        return (curve.KeyType, curve.KeyType.Size);
    }

    private static bool IsOid(ReadOnlyMemory<byte> encoded) => encoded.Span[0] == (byte)UniversalTagNumber.ObjectIdentifier;

    private static (KeyType, int) ReadMlKem(AlgorithmIdentifier algorithm, ReadOnlyMemory<byte> key, KeyType type, int length, string what)
    {
        var read = ReadFixed(algorithm, key, type, length, what);
        return MlKemKey.IsValid(key.Span) ? read : throw new MalformedException($"{what} is {type} with a coefficient out of range (FIPS 203 7.2)");
    }

    private static (KeyType, int) ReadFixed(AlgorithmIdentifier algorithm, ReadOnlyMemory<byte> key, KeyType type, int length, string what)
    {
        if (algorithm.Parameters is not null)
            throw new MalformedException($"{what} is {type} with parameters, which must be absent (RFC 8410 3, RFC 9881 2, RFC 9935 3)");
        if (key.Length != length) throw new MalformedException($"{what} is {type} but not {length} bytes long");
        return (type, length * 8);
    }
}
