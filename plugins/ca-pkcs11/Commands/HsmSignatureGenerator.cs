using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Plugins.CaPkcs11.Commands;

/// <summary>Lets the platform make a certificate or a request with a key in an HSM.</summary>
/// <param name="key">The public half.</param>
/// <param name="open">A session in which the key signs, with a mechanism.</param>
internal sealed class HsmSignatureGenerator(PublicKey key, Func<SignatureMechanism, KeySession> open) : X509SignatureGenerator
{
    /// <summary>SHA-256, and the longer hashes that fit the longer curves. ML-DSA takes none, and the platform wants one named.</summary>
    public HashAlgorithmName UsualHash
    {
        get
        {
            using var ec = key.GetECDsaPublicKey();
            return ec?.KeySize switch { 384 => HashAlgorithmName.SHA384, 521 => HashAlgorithmName.SHA512, _ => HashAlgorithmName.SHA256 };
        }
    }

    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
    {
        if (MlDsaKeys.SetOf(key) is { } set)
        {
            return MlDsaKeys.AlgorithmIdentifier(set);
        }
        using var rsa = key.GetRSAPublicKey();
        if (rsa is not null)
        {
            return CreateForRSA(rsa, RSASignaturePadding.Pkcs1).GetSignatureAlgorithmIdentifier(hashAlgorithm);
        }
        using var ec = key.GetECDsaPublicKey();
        return CreateForECDsa(ec!).GetSignatureAlgorithmIdentifier(hashAlgorithm);
    }

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm)
    {
        using var session = open(SignatureMechanism.For(hashAlgorithm, key.Oid.Value == "1.2.840.113549.1.1.1" ? RSASignaturePadding.Pkcs1 : null, key));
        return session.Sign(data);
    }

    protected override PublicKey BuildPublicKey() => key;
}
