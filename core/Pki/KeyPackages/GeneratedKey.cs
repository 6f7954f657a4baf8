using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Kipuka.Pki;

/// <summary>A key pair that this server made for somebody else. Disposing of it is the end of the private half.</summary>
internal sealed class GeneratedKey : IDisposable
{
    // An RSA key of 4096 bits takes 2400.
    private const int MostBytes = 4096;
    private const int SeedBytes = 32;

    private readonly PinnedBuffer _privateKey = new(MostBytes);

    private GeneratedKey(byte[] publicKey, Func<Span<byte>, int> export)
    {
        PublicKey = PublicKeyInfo.Parse(publicKey);
        _privateKey.Length = export(_privateKey.Span);
    }

    public PublicKeyInfo PublicKey { get; }

    /// <summary>PKCS#8 PrivateKeyInfo, DER. Do not keep a copy.</summary>
    public ReadOnlySpan<byte> PrivateKey => _privateKey.Span;

    /// <summary>Whether keys of a type are made here.</summary>
    public static bool CanMake(KeyType type) => KeyType.Supported.Contains(type);

    /// <summary>Makes a key; RSA takes long, up to seconds.</summary>
    public static GeneratedKey Create(KeyType type)
    {
        switch (type.Family)
        {
            case KeyFamily.Rsa:
                using (var rsa = RSA.Create(type.Size))
                {
                    return From(rsa);
                }
            case KeyFamily.Ecdsa:
                using (var ec = ECDsa.Create(NamedCurve.Of(type).Platform))
                {
                    return From(ec);
                }
            case KeyFamily.MlDsa when MLDsa.IsSupported:
                return CreateMlDsa(type);
            default:
                throw new NotSupportedException($"This server makes no keys of type {type}.");
        }
    }

    /// <summary>Takes over a pair that somebody else made, in the form in which this server's own are delivered.</summary>
    /// <param name="type">What it has to be.</param>
    /// <param name="pkcs8">PrivateKeyInfo. The caller zeroes it.</param>
    /// <param name="publicKey">SubjectPublicKeyInfo.</param>
    /// <exception cref="MalformedException">It is none of this kind, or its halves do not belong together.</exception>
    public static GeneratedKey Adopt(KeyType type, ReadOnlySpan<byte> pkcs8, ReadOnlyMemory<byte> publicKey)
    {
        var found = PublicKeyInfo.Parse(publicKey).KeyType;
        if (found != type)
        {
            throw new MalformedException($"it is of type {found}, not {type}");
        }
        using AsymmetricAlgorithm key = type.Family switch
        {
            KeyFamily.Rsa => RSA.Create(),
            KeyFamily.Ecdsa => ECDsa.Create(),
            _ => throw new MalformedException($"keys of type {type} cannot be taken over"),
        };
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey.Span)
            ? From(key)
            : throw new MalformedException("its private half does not belong to its public half");
    }

    public void Dispose() => _privateKey.Dispose();

    private static GeneratedKey From(AsymmetricAlgorithm key)
        => new(key.ExportSubjectPublicKeyInfo(), target => Exported(key.TryExportPkcs8PrivateKey(target, out var n), n));

    // The platform's own exports of ML-DSA keys are experimental. As RFC 9881 has it: no parameters, and of the private key the seed.
    private static GeneratedKey CreateMlDsa(KeyType type)
    {
        var (oid, set) = type.Size switch
        {
            44 => (Oids.MlDsa44, MLDsaAlgorithm.MLDsa44),
            65 => (Oids.MlDsa65, MLDsaAlgorithm.MLDsa65),
            _ => (Oids.MlDsa87, MLDsaAlgorithm.MLDsa87),
        };
        using var key = MLDsa.GenerateKey(set);
        var info = new AsnWriter(AsnEncodingRules.DER);
        using (info.PushSequence())
        {
            using (info.PushSequence()) info.WriteObjectIdentifier(oid);
            info.WriteBitString(key.ExportMLDsaPublicKey());
        }
        return new GeneratedKey(info.Encode(), target => WriteSeed(target, oid, key));
    }

    private static int WriteSeed(Span<byte> target, string oid, MLDsa key)
    {
        var head = new AsnWriter(AsnEncodingRules.DER);
        head.WriteInteger(0);
        using (head.PushSequence()) head.WriteObjectIdentifier(oid);
        var fixedPart = head.Encode();
        var wrapped = DerHeader.Size(SeedBytes) + SeedBytes;
        var content = fixedPart.Length + DerHeader.Size(wrapped) + wrapped;
        var rest = DerHeader.Write(target, DerHeader.Sequence, content);
        fixedPart.CopyTo(rest);
        rest = DerHeader.Write(rest[fixedPart.Length..], DerHeader.OctetString, wrapped);
        key.ExportMLDsaPrivateSeed(DerHeader.Write(rest, 0x80, SeedBytes)[..SeedBytes]);
        return DerHeader.Size(content) + content;
    }

    private static int Exported(bool fits, int length)
        => fits ? length : throw new CryptographicException($"a private key is longer than {MostBytes} bytes");
}
