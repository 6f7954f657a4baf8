using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Plugins.AuthMtls;

/// <summary>Which keys and signatures are strong enough. What is not listed is refused.</summary>
internal static class Strength
{
    private const int MinimumRsaBits = 2048;
    private const string RsaPss = "1.2.840.113549.1.1.10";

    private static readonly HashSet<string> Hashes = ["2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"];

    // Ed25519, Ed448 and ML-DSA-44, -65, -87: key and signature share the identifier.
    private static readonly HashSet<string> OneSize =
        ["1.3.101.112", "1.3.101.113", "2.16.840.1.101.3.4.3.17", "2.16.840.1.101.3.4.3.18", "2.16.840.1.101.3.4.3.19"];

    // RSA PKCS#1 and ECDSA, each with SHA-256, SHA-384 and SHA-512.
    private static readonly HashSet<string> Signatures =
    [
        "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13",
        "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4",
        .. OneSize,
    ];

    private static readonly HashSet<string> Curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];

    /// <exception cref="AsnContentException">The key is not encoded as its algorithm says.</exception>
    public static bool IsStrongKey(X509Certificate2 certificate)
    {
        var key = certificate.PublicKey;
        return key.Oid.Value switch
        {
            "1.2.840.113549.1.1.1" or RsaPss => RsaBits(key.EncodedKeyValue.RawData) >= MinimumRsaBits,
            "1.2.840.10045.2.1" => IsKnownCurve(key.EncodedParameters?.RawData),
            { } other => OneSize.Contains(other),
            null => false,
        };
    }

    /// <exception cref="AsnContentException">The parameters are not encoded as the algorithm says.</exception>
    public static bool IsStrongSignature(X509Certificate2 certificate) => certificate.SignatureAlgorithm.Value switch
    {
        RsaPss => HasStrongPssHash(certificate.RawDataMemory),
        { } other => Signatures.Contains(other),
        null => false,
    };

    private static long RsaBits(byte[] encoded)
    {
        var modulus = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence().ReadInteger();
        return modulus.Sign > 0 ? modulus.GetBitLength() : 0;
    }

    // Explicit curve parameters are no object identifier and therefore unknown (RFC 5480 section 2.1.1).
    private static bool IsKnownCurve(byte[]? parameters)
    {
        var reader = new AsnReader(parameters ?? [], AsnEncodingRules.DER);
        return reader.HasData && reader.PeekTag() == Asn1Tag.ObjectIdentifier && Curves.Contains(reader.ReadObjectIdentifier());
    }

    // RSASSA-PSS-params (RFC 4055 section 3.1): hashAlgorithm [0] defaults to SHA-1.
    private static bool HasStrongPssHash(ReadOnlyMemory<byte> certificate)
    {
        var outer = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence();
        outer.ReadEncodedValue();
        var algorithm = outer.ReadSequence();
        algorithm.ReadObjectIdentifier();
        if (!algorithm.HasData)
        {
            return false;
        }
        var parameters = algorithm.ReadSequence();
        var hash = new Asn1Tag(TagClass.ContextSpecific, 0);
        return parameters.HasData && parameters.PeekTag().HasSameClassAndValue(hash)
            && Hashes.Contains(parameters.ReadSequence(hash).ReadSequence().ReadObjectIdentifier());
    }
}
