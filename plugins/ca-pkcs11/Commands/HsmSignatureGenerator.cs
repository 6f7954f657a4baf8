using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Plugins.CaPkcs11.Commands;

/// <summary>Lets the platform make a certificate or a request with a key in an HSM.</summary>
/// <param name="key">The public half.</param>
/// <param name="open">A session in which the key signs, with a mechanism.</param>
internal sealed class HsmSignatureGenerator(AsymmetricAlgorithm key, Func<SignatureMechanism, KeySession> open) : X509SignatureGenerator
{
    private readonly X509SignatureGenerator names = key is RSA rsa ? CreateForRSA(rsa, RSASignaturePadding.Pkcs1) : CreateForECDsa((ECDsa)key);

    /// <summary>SHA-256, and the longer hashes that fit the longer curves.</summary>
    public HashAlgorithmName UsualHash => key is RSA ? HashAlgorithmName.SHA256
        : key.KeySize switch { 256 => HashAlgorithmName.SHA256, 384 => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 };

    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => names.GetSignatureAlgorithmIdentifier(hashAlgorithm);

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm)
    {
        using var session = open(new SignatureMechanism(hashAlgorithm, key is RSA ? RSASignaturePadding.Pkcs1 : null, key.KeySize));
        return session.Sign(data);
    }

    protected override PublicKey BuildPublicKey() => names.PublicKey;
}
