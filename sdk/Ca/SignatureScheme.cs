using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Sdk.Ca;

/// <summary>Hash, padding and AlgorithmIdentifier of a CA's signatures.</summary>
public sealed class SignatureScheme
{
    private const string RsaPssOid = "1.2.840.113549.1.1.10";
    private const string Mgf1Oid = "1.2.840.113549.1.1.8";

    private SignatureScheme(HashAlgorithmName hash, RSASignaturePadding? padding, byte[] algorithmIdentifier, MLDsaAlgorithm? mlDsa = null)
    {
        Hash = hash;
        RsaPadding = padding;
        AlgorithmIdentifier = algorithmIdentifier;
        MlDsa = mlDsa;
    }

    /// <summary>SHA-256, SHA-384 or SHA-512; without a name for ML-DSA, which takes the data itself.</summary>
    public HashAlgorithmName Hash { get; }

    /// <summary>PKCS#1 v1.5 or PSS (salt as long as the hash); null for ECDSA and ML-DSA.</summary>
    public RSASignaturePadding? RsaPadding { get; }

    /// <summary>The parameter set of an ML-DSA key (RFC 9881), which signs without hashing and with an empty context; null for others.</summary>
    public MLDsaAlgorithm? MlDsa { get; }

    /// <summary>Whether this platform can verify these signatures: ML-DSA needs OpenSSL 3.5.</summary>
    public bool CanVerify => MlDsa is null || MLDsa.IsSupported;

    /// <summary>The DER AlgorithmIdentifier for TBSCertificate and Certificate.</summary>
    public ReadOnlyMemory<byte> AlgorithmIdentifier { get; }

    /// <summary>The scheme for an issuer's key.</summary>
    /// <param name="issuer">The CA certificate, with an RSA key of 2048 bits or more, an ECDSA key on P-256, P-384 or P-521, or an ML-DSA key.</param>
    /// <param name="hash">Null chooses: SHA-256, for P-384 SHA-384, for P-521 SHA-512. ML-DSA has none.</param>
    /// <param name="pss">RSASSA-PSS instead of PKCS#1 v1.5; only for RSA.</param>
    /// <exception cref="NotSupportedException">The key cannot be used; the message says why.</exception>
    public static SignatureScheme For(X509Certificate2 issuer, HashAlgorithmName? hash = null, bool pss = false)
    {
        if (MlDsaOf(issuer) is { } set)
        {
            return hash is null && !pss
                ? ForMlDsa(set, issuer)
                : throw new NotSupportedException($"The CA's key is {set.Name}, which has neither hash nor padding: leave out signature_hash and rsa_padding.");
        }
        using var rsa = issuer.GetRSAPublicKey();
        if (rsa is not null)
        {
            return rsa.KeySize < 2048
                ? throw new NotSupportedException($"The CA's RSA key has {rsa.KeySize} bits; 2048 are the least.")
                : ForRsa(hash ?? HashAlgorithmName.SHA256, pss);
        }
        using var ec = issuer.GetECDsaPublicKey()
            ?? throw new NotSupportedException($"The CA's key is neither RSA nor ECDSA nor ML-DSA ({issuer.GetKeyAlgorithm()}).");
        if (pss)
        {
            throw new NotSupportedException("rsa_padding = \"pss\" needs an RSA key; the CA's key is ECDSA.");
        }
        var usual = UsualHash(ec.ExportParameters(false).Curve);
        return ForEcdsa(hash ?? usual);
    }

    /// <summary>Verifies a signature of this scheme with a certificate's key.</summary>
    /// <param name="signer">The certificate.</param>
    /// <param name="data">The signed bytes.</param>
    /// <param name="signature">As X.509 carries it.</param>
    /// <exception cref="PlatformNotSupportedException"><see cref="CanVerify"/> is false.</exception>
    public bool Verify(X509Certificate2 signer, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (MlDsa is not null)
        {
            if (MlDsaOf(signer) != MlDsa || signature.Length != MlDsa.SignatureSizeInBytes)
            {
                return false;
            }
            using var mlDsa = MLDsa.ImportMLDsaPublicKey(MlDsa, signer.PublicKey.EncodedKeyValue.RawData);
            return mlDsa.VerifyData(data, signature);
        }
        if (RsaPadding is not null)
        {
            using var rsa = signer.GetRSAPublicKey();
            return rsa is not null && rsa.VerifyData(data, signature, Hash, RsaPadding);
        }
        using var ec = signer.GetECDsaPublicKey();
        return ec is not null && ec.VerifyData(data, signature, Hash, DSASignatureFormat.Rfc3279DerSequence);
    }

    // FIPS 204 section 4, RFC 9881 section 2: the OID of key and signature is the same, and there are no parameters.
    private static MLDsaAlgorithm? MlDsaOf(X509Certificate2 issuer) => issuer.PublicKey.Oid.Value switch
    {
        "2.16.840.1.101.3.4.3.17" => MLDsaAlgorithm.MLDsa44,
        "2.16.840.1.101.3.4.3.18" => MLDsaAlgorithm.MLDsa65,
        "2.16.840.1.101.3.4.3.19" => MLDsaAlgorithm.MLDsa87,
        _ => null,
    };

    private static SignatureScheme ForMlDsa(MLDsaAlgorithm set, X509Certificate2 issuer)
    {
        var length = issuer.PublicKey.EncodedKeyValue.RawData.Length;
        if (length != set.PublicKeySizeInBytes)
        {
            throw new NotSupportedException($"The CA's {set.Name} key has {length} bytes, and should have {set.PublicKeySizeInBytes} (RFC 9881 section 4).");
        }
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            der.WriteObjectIdentifier(issuer.PublicKey.Oid.Value!);
        }
        return new SignatureScheme(default, null, der.Encode(), set);
    }

    private static SignatureScheme ForRsa(HashAlgorithmName hash, bool pss)
    {
        var (number, hashOid, size) = Describe(hash);
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            if (pss)
            {
                der.WriteObjectIdentifier(RsaPssOid);
                WritePssParameters(der, hashOid, size);
            }
            else
            {
                der.WriteObjectIdentifier($"1.2.840.113549.1.1.{number.Rsa}");
                der.WriteNull();
            }
        }
        return new SignatureScheme(hash, pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1, der.Encode());
    }

    // RFC 4055 section 3.1: hash, MGF1 with the same hash, salt as long as the hash, trailer by default.
    private static void WritePssParameters(AsnWriter der, string hashOid, int saltLength)
    {
        using (der.PushSequence())
        {
            using (der.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                WriteHash(der, hashOid);
            }
            using (der.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
            using (der.PushSequence())
            {
                der.WriteObjectIdentifier(Mgf1Oid);
                WriteHash(der, hashOid);
            }
            using (der.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2)))
            {
                der.WriteInteger(saltLength);
            }
        }
    }

    private static void WriteHash(AsnWriter der, string hashOid)
    {
        using (der.PushSequence())
        {
            der.WriteObjectIdentifier(hashOid);
            der.WriteNull();
        }
    }

    // By the curve, not by its bits: secp256k1 and the Brainpool curves have 256 too.
    private static HashAlgorithmName UsualHash(ECCurve curve) => curve.Oid.Value switch
    {
        "1.2.840.10045.3.1.7" => HashAlgorithmName.SHA256,
        "1.3.132.0.34" => HashAlgorithmName.SHA384,
        "1.3.132.0.35" => HashAlgorithmName.SHA512,
        var other => throw new NotSupportedException($"The CA's ECDSA key is on the curve {other}; P-256, P-384 and P-521 are supported."),
    };

    private static SignatureScheme ForEcdsa(HashAlgorithmName hash)
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            der.WriteObjectIdentifier($"1.2.840.10045.4.3.{Describe(hash).Number.Ecdsa}");
        }
        return new SignatureScheme(hash, null, der.Encode());
    }

    private static ((int Rsa, int Ecdsa) Number, string HashOid, int Size) Describe(HashAlgorithmName hash) => hash.Name switch
    {
        "SHA256" => ((11, 2), "2.16.840.1.101.3.4.2.1", 32),
        "SHA384" => ((12, 3), "2.16.840.1.101.3.4.2.2", 48),
        "SHA512" => ((13, 4), "2.16.840.1.101.3.4.2.3", 64),
        _ => throw new NotSupportedException($"Certificates are signed with SHA-256, SHA-384 or SHA-512, not {hash.Name}."),
    };
}
