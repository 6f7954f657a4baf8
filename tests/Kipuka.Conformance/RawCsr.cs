using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>PKCS#10 requests that the platform's own classes would not write: correct signatures over strange contents.</summary>
internal static class RawCsr
{
    public const string ExtensionRequest = "1.2.840.113549.1.9.14";
    public const string ChallengePassword = "1.2.840.113549.1.9.7";
    public const string CommonName = "2.5.4.3";
    public const string SubjectAltName = "2.5.29.17";

    /// <summary>Signed with a fresh P-256 key.</summary>
    public static byte[] Build(byte[] subject, params byte[][] attributes)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Build(key, subject, attributes);
    }

    public static byte[] Build(ECDsa key, byte[] subject, params byte[][] attributes)
    {
        var info = Sequence(Integer(0), subject, key.ExportSubjectPublicKeyInfo(), Tagged(0, attributes));
        var algorithm = new AsnWriter(AsnEncodingRules.DER);
        using (algorithm.PushSequence())
        {
            algorithm.WriteObjectIdentifier("1.2.840.10045.4.3.2");
        }
        var signature = new AsnWriter(AsnEncodingRules.DER);
        signature.WriteBitString(key.SignData(info, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        return Sequence(info, algorithm.Encode(), signature.Encode());
    }

    /// <summary>A name of one common name whose bytes are as given.</summary>
    public static byte[] Name(string commonName, UniversalTagNumber type = UniversalTagNumber.UTF8String)
        => Sequence(Set(Sequence(Oid(CommonName), Tlv((byte)type, System.Text.Encoding.UTF8.GetBytes(commonName)))));

    public static byte[] Extensions(params byte[][] extensions) => Sequence(Oid(ExtensionRequest), Set(Sequence(extensions)));

    public static byte[] Extension(string oid, byte[] value, bool critical = false)
        => Sequence(critical ? [Oid(oid), [0x01, 0x01, 0xFF], Tlv(0x04, value)] : [Oid(oid), Tlv(0x04, value)]);

    public static byte[] DnsNames(IEnumerable<string> names)
        => Extension(SubjectAltName, Sequence([.. names.Select(name => Tlv(0x82, System.Text.Encoding.Latin1.GetBytes(name)))]));

    /// <summary>For <see cref="Csr"/>: a challengePassword attribute.</summary>
    public static Action<CertificateRequest> Challenge(string password) => Text(ChallengePassword, password);

    /// <summary>For <see cref="Csr"/>: an attribute whose value is a string.</summary>
    public static Action<CertificateRequest> Text(string oid, string text) => request =>
    {
        var value = new AsnWriter(AsnEncodingRules.DER);
        value.WriteCharacterString(UniversalTagNumber.UTF8String, text);
        request.OtherRequestAttributes.Add(new AsnEncodedData(new Oid(oid), value.Encode()));
    };

    public static byte[] Sequence(params byte[][] parts) => Tlv(0x30, Concat(parts));

    public static byte[] Set(params byte[][] parts) => Tlv(0x31, Concat(parts));

    public static byte[] Tagged(int tag, params byte[][] parts) => Tlv((byte)(0xA0 | tag), Concat(parts));

    public static byte[] Oid(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(oid);
        return writer.Encode();
    }

    public static byte[] Integer(int value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(value);
        return writer.Encode();
    }

    public static byte[] Tlv(byte tag, byte[] content)
    {
        byte[] length = content.Length switch
        {
            < 0x80 => [(byte)content.Length],
            < 0x100 => [0x81, (byte)content.Length],
            < 0x10000 => [0x82, (byte)(content.Length >> 8), (byte)content.Length],
            _ => [0x83, (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length],
        };
        return [tag, .. length, .. content];
    }

    private static byte[] Concat(byte[][] parts) => [.. parts.SelectMany(part => part)];
}
