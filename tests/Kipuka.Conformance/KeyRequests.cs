using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>The attributes of a request for a key (RFC 7030 section 4.4.1): changes for <see cref="Csr"/>.</summary>
internal static class KeyRequests
{
    public const string Aes128Cbc = "2.16.840.1.101.3.4.1.2";
    public const string Aes256Cbc = "2.16.840.1.101.3.4.1.42";
    public const string Aes256Gcm = "2.16.840.1.101.3.4.1.46";
    public const string Aes128Wrap = "2.16.840.1.101.3.4.1.5";
    public const string TripleDes = "1.2.840.113549.3.7";

    private const string DecryptKeyIdentifier = "1.2.840.113549.1.9.16.2.37";
    private const string AsymmetricDecryptKeyIdentifier = "1.2.840.113549.1.9.16.2.54";
    private const string SmimeCapabilities = "1.2.840.113549.1.9.15";

    public static Action<CertificateRequest> DecryptWith(byte[] id) => Attribute(DecryptKeyIdentifier, RawCsr.Tlv(0x04, id));

    public static Action<CertificateRequest> DecryptWithPublic(byte[] id) => Attribute(AsymmetricDecryptKeyIdentifier, RawCsr.Tlv(0x04, id));

    /// <summary>The identifier of the request's own key.</summary>
    public static Action<CertificateRequest> DecryptWithOwn => request => DecryptWithPublic(IdOf(request.PublicKey))(request);

    public static Action<CertificateRequest> Capable(params string[] oids)
        => Attribute(SmimeCapabilities, RawCsr.Sequence([.. oids.Select(oid => RawCsr.Sequence(RawCsr.Oid(oid)))]));

    public static Action<CertificateRequest> Both(Action<CertificateRequest> one, Action<CertificateRequest> other) => request =>
    {
        one(request);
        other(request);
    };

    /// <summary>RFC 5280 section 4.2.1.2, method 1.</summary>
    public static byte[] IdOf(PublicKey key) => Convert.FromHexString(new X509SubjectKeyIdentifierExtension(key, false).SubjectKeyIdentifier!);

    public static AsymmetricAlgorithm NewKey(string type) => type switch
    {
        "rsa-2048" => RSA.Create(2048),
        "rsa-3072" => RSA.Create(3072),
        "ecdsa-p256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        "ecdsa-p384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        _ => ECDsa.Create(ECCurve.NamedCurves.nistP521),
    };

    private static Action<CertificateRequest> Attribute(string oid, byte[] value)
        => request => request.OtherRequestAttributes.Add(new AsnEncodedData(new Oid(oid), value));
}
