using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Plugins.CaPkcs11.Cryptoki;
using Kipuka.Sdk.Ca;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>How a token makes the signatures of a scheme: the mechanism, what it is given, and what X.509 wants made of its answer.</summary>
internal sealed class SignatureMechanism
{
    private readonly HashAlgorithmName hash;
    private readonly bool isEcdsa;
    private readonly bool hashesItself;
    private readonly byte[] prefix;

    /// <param name="hash">SHA-256, SHA-384 or SHA-512.</param>
    /// <param name="padding">Null for ECDSA.</param>
    /// <param name="keyBits">The size of the key, or of its curve.</param>
    /// <param name="custom">A mechanism in place of the usual one, which hashes on its own.</param>
    public SignatureMechanism(HashAlgorithmName hash, RSASignaturePadding? padding, int keyBits, uint? custom = null)
    {
        this.hash = hash;
        isEcdsa = padding is null;
        hashesItself = custom is not null;
        var isPss = padding == RSASignaturePadding.Pss;
        var (number, mgf, size) = hash.Name switch
        {
            "SHA256" => (Ck.Sha256, Ck.Mgf1Sha256, 32u),
            "SHA384" => (Ck.Sha384, Ck.Mgf1Sha384, 48u),
            _ => (Ck.Sha512, Ck.Mgf1Sha512, 64u),
        };
        var id = custom ?? (isEcdsa ? Ck.Ecdsa : isPss ? Ck.RsaPss : Ck.RsaPkcs);
        Mechanism = isPss ? Mechanism.Pss(id, number, mgf, size) : new Mechanism(id);
        KeyType = isEcdsa ? Ck.KeyTypeEc : Ck.KeyTypeRsa;
        Length = isEcdsa ? 2 * ((keyBits + 7) / 8) : (keyBits + 7) / 8;
        prefix = hashesItself || isEcdsa || isPss ? [] : DigestInfoPrefix(hash, (int)size);
    }

    private SignatureMechanism(MLDsaAlgorithm set, uint? custom)
    {
        hashesItself = true;
        prefix = [];
        // No parameters: hedged signing is the token's to prefer, and the context is empty, as RFC 9881 section 3 wants it.
        Mechanism = new Mechanism(custom ?? Ck.MlDsa);
        KeyType = Ck.KeyTypeMlDsa;
        Length = set.SignatureSizeInBytes;
    }

    public Mechanism Mechanism { get; }

    /// <summary>CKA_KEY_TYPE of the key.</summary>
    public uint KeyType { get; }

    /// <summary>Whether a key of the token can be the one: vendors' mechanisms sign with vendors' types of keys.</summary>
    public bool Fits(ulong keyType) => keyType == KeyType || (Mechanism.Id >= Ck.VendorDefined && keyType >= Ck.VendorDefined);

    /// <summary>The bytes of a raw signature.</summary>
    public int Length { get; }

    /// <summary>For the signatures of a CA.</summary>
    public static SignatureMechanism For(SignatureScheme scheme, PublicKey key, uint? custom = null) => For(scheme.Hash, scheme.RsaPadding, key, custom);

    /// <param name="hash">Not looked at for ML-DSA.</param>
    /// <param name="padding">Null for all but RSA.</param>
    /// <param name="key">The public half.</param>
    /// <param name="custom">As above.</param>
    public static SignatureMechanism For(HashAlgorithmName hash, RSASignaturePadding? padding, PublicKey key, uint? custom = null)
    {
        if (MlDsaKeys.SetOf(key) is { } set)
        {
            return new SignatureMechanism(set, custom);
        }
        using var rsa = key.GetRSAPublicKey();
        using var ec = rsa is null ? key.GetECDsaPublicKey() : null;
        return new SignatureMechanism(hash, padding, rsa?.KeySize ?? ec!.KeySize, custom);
    }

    /// <summary>What C_Sign gets for the data that is to be signed.</summary>
    public ReadOnlyMemory<byte> Prepare(ReadOnlyMemory<byte> data)
    {
        if (hashesItself)
        {
            return data;
        }
        Span<byte> digest = stackalloc byte[64];
        var length = CryptographicOperations.HashData(hash, data.Span, digest);
        return (byte[])[.. prefix, .. digest[..length]];
    }

    /// <summary>The signature as X.509 carries it.</summary>
    /// <exception cref="CryptographicException">The token gave something that is no signature of the key.</exception>
    public byte[] Complete(byte[] raw)
    {
        // Shorter than the field is a key of another curve, or a module that drops zeros, which leaves open where r ends.
        if (raw.Length != Length)
        {
            throw new CryptographicException($"The token's signature has {raw.Length} bytes, and one of the certificate's key has {Length}.");
        }
        return isEcdsa ? ToDer(raw) : raw;
    }

    /// <summary>r || s of PKCS#11 to Ecdsa-Sig-Value (RFC 3279 section 2.2.3).</summary>
    internal static byte[] ToDer(ReadOnlySpan<byte> raw)
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            WriteNumber(der, raw[..(raw.Length / 2)]);
            WriteNumber(der, raw[(raw.Length / 2)..]);
        }
        return der.Encode();
    }

    private static void WriteNumber(AsnWriter der, ReadOnlySpan<byte> number)
    {
        var shortest = number.TrimStart((byte)0);
        der.WriteIntegerUnsigned(shortest.IsEmpty ? [0] : shortest);
    }

    // RFC 8017 section 9.2: CKM_RSA_PKCS pads a DigestInfo, which is the application's to make.
    private static byte[] DigestInfoPrefix(HashAlgorithmName hash, int size)
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            using (der.PushSequence())
            {
                der.WriteObjectIdentifier(CryptoConfig.MapNameToOID(hash.Name!)!);
                der.WriteNull();
            }
            der.WriteOctetString(new byte[size]);
        }
        return der.Encode()[..^size];
    }
}
