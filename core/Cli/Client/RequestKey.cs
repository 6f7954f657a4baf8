using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;

#pragma warning disable SYSLIB5006 // ML-DSA in PKCS#8 and PKCS#10: marked as subject to change until its RFCs are old enough

namespace Kipuka.Cli.Client;

/// <summary>A new private key, and the request that it signs.</summary>
internal sealed class RequestKey : IDisposable
{
    private readonly IDisposable key;

    private RequestKey(IDisposable key) => this.key = key;

    /// <summary>PKCS#8 in PEM.</summary>
    public string Pem => (key switch
    {
        AsymmetricAlgorithm algorithm => algorithm.ExportPkcs8PrivateKeyPem(),
        MLDsa signer => signer.ExportPkcs8PrivateKeyPem(),
        _ => throw new InvalidOperationException("There is no other kind of key."),
    }) + "\n";

    public static RequestKey Generate(KeyType type) => new(type.Family switch
    {
        KeyFamily.Rsa => RSA.Create(type.Size),
        KeyFamily.Ecdsa => ECDsa.Create(type.Size switch
        {
            256 => ECCurve.NamedCurves.nistP256,
            384 => ECCurve.NamedCurves.nistP384,
            _ => ECCurve.NamedCurves.nistP521,
        }),
        _ => MLDsa.GenerateKey(type.Size switch
        {
            44 => MLDsaAlgorithm.MLDsa44,
            65 => MLDsaAlgorithm.MLDsa65,
            _ => MLDsaAlgorithm.MLDsa87,
        }),
    });

    /// <summary>A PKCS#10 request in DER.</summary>
    /// <param name="subject">May be empty.</param>
    /// <param name="names">The subjectAltName; null for none.</param>
    /// <param name="attributes">Whatever else is to be said, by the key that says it.</param>
    public byte[] Request(DistinguishedName subject, GeneralNames? names, Func<PublicKeyInfo, IEnumerable<AsnEncodedData>>? attributes = null)
    {
        var name = new X500DistinguishedName(subject.Raw.Span);
        var request = key switch
        {
            ECDsa signer => new CertificateRequest(name, signer, Hash(signer.KeySize)),
            RSA signer => new CertificateRequest(name, signer, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            _ => new CertificateRequest(name, (MLDsa)key),
        };
        if (names is not null)
        {
            request.CertificateExtensions.Add(new X509Extension(Oids.SubjectAltName, names.Encode(), critical: subject.IsEmpty));
        }
        foreach (var attribute in attributes?.Invoke(PublicKeyInfo.Parse(request.PublicKey.ExportSubjectPublicKeyInfo())) ?? [])
        {
            request.OtherRequestAttributes.Add(attribute);
        }
        return request.CreateSigningRequest();
    }

    public void Dispose() => key.Dispose();

    private static HashAlgorithmName Hash(int bits) => bits switch
    {
        <= 256 => HashAlgorithmName.SHA256,
        <= 384 => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };
}
