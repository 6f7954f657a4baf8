using System.Security.Cryptography;

namespace Kipuka.Pki;

/// <summary>A signature algorithm that we accept, with its parameters checked.</summary>
/// <param name="Name"><c>sha256WithRSAEncryption</c>, <c>RSASSA-PSS-SHA256</c>, <c>ecdsa-with-SHA256</c>, <c>ml-dsa-65</c>.</param>
/// <param name="Family">The keys that it goes with.</param>
/// <param name="Hash"><c>sha256</c>, <c>sha384</c>, <c>sha512</c>; null where the algorithm takes the message itself.</param>
/// <param name="Pss">RSA only: PSS padding rather than PKCS#1 v1.5.</param>
internal sealed record SignatureAlgorithm(string Name, KeyFamily Family, string? Hash = null, bool Pss = false)
{
    public override string ToString() => Name;

    /// <summary>Whether an entry of <c>allowed_signature_algorithms</c> means this: its hash's name or its own.</summary>
    public bool Matches(string configured)
    {
        var plain = SignatureAlgorithms.Plain(configured);
        return plain == Hash || plain == SignatureAlgorithms.Plain(Name);
    }

    public bool Verify(PublicKeyInfo key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (key.KeyType.Family != Family) return false;
        try
        {
            return Family switch
            {
                KeyFamily.Rsa => VerifyRsa(key, data, signature),
                KeyFamily.Ecdsa => VerifyEcdsa(key, data, signature),
                KeyFamily.MlDsa when MLDsa.IsSupported => VerifyMlDsa(key, data, signature),
                _ => throw new MalformedException($"this server cannot verify {Name} signatures"),
            };
        }
        catch (CryptographicException)
        {
            // The platform throws, rather than answers, for a key or signature whose numbers are out of range.
            return false;
        }
    }

    private HashAlgorithmName HashName => new(Hash!.ToUpperInvariant());

    private bool VerifyRsa(PublicKeyInfo key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var (modulus, exponent) = PublicKeyInfo.ReadRsaNumbers(key.KeyBytes);
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = modulus.ToByteArray(isUnsigned: true, isBigEndian: true),
            Exponent = exponent.ToByteArray(isUnsigned: true, isBigEndian: true),
        });
        return rsa.VerifyData(data, signature, HashName, Pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    private bool VerifyEcdsa(PublicKeyInfo key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var curve = NamedCurve.Of(key.KeyType);
        var point = key.KeyBytes.Span[1..];
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = curve.Platform,
            Q = { X = point[..curve.CoordinateBytes].ToArray(), Y = point[curve.CoordinateBytes..].ToArray() },
        });
        return ecdsa.VerifyData(data, signature, HashName, DSASignatureFormat.Rfc3279DerSequence);
    }

    private bool VerifyMlDsa(PublicKeyInfo key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (key.KeyType.Name != Name) return false;
        var set = key.KeyType.Size switch { 44 => MLDsaAlgorithm.MLDsa44, 65 => MLDsaAlgorithm.MLDsa65, _ => MLDsaAlgorithm.MLDsa87 };
        using var mlDsa = MLDsa.ImportMLDsaPublicKey(set, key.KeyBytes.Span);
        return mlDsa.VerifyData(data, signature);
    }
}
