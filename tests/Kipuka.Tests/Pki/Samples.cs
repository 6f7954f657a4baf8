using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kipuka.Pki;

namespace Kipuka.Tests.Pki;

/// <summary>Test data from files, and requests and certificates built for a case.</summary>
internal static class Samples
{
    public static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Of 2048 bits, for all that need any: making one takes its time.</summary>
    public static readonly RSA Rsa = RSA.Create(2048);

    public static byte[] File(string path) => System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", path));

    /// <summary>What a client would be told: the message of the <see cref="MalformedException"/> that must come.</summary>
    public static string Refusal(Func<object> read) => Assert.Throws<MalformedException>(() => { _ = read(); }).Message;

    public static byte[] Der(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }

    public static byte[] Utf8(string text) => Der(w => w.WriteCharacterString(UniversalTagNumber.UTF8String, text));

    /// <summary>A CSR with exactly these attributes, self-signed.</summary>
    public static byte[] Csr(params (string Oid, byte[][] Values)[] attributes) => Sign(Der(w =>
    {
        using var info = w.PushSequence();
        w.WriteInteger(0);
        w.WriteEncodedValue(DistinguishedName.Create((Oids.CommonName, "x")).Raw.Span);
        w.WriteEncodedValue(Key.ExportSubjectPublicKeyInfo());
        using var set = w.PushSetOf(new Asn1Tag(TagClass.ContextSpecific, 0));
        foreach (var (oid, values) in attributes)
        {
            using var attribute = w.PushSequence();
            w.WriteObjectIdentifier(oid);
            using var inner = w.PushSetOf();
            foreach (var value in values) w.WriteEncodedValue(value);
        }
    }));

    /// <summary>Any content under the outer shape of a PKCS#10, or of a certificate, signed with <see cref="Key"/>.</summary>
    public static byte[] Sign(byte[] content) => Der(w =>
    {
        using var outer = w.PushSequence();
        w.WriteEncodedValue(content);
        using (w.PushSequence()) w.WriteObjectIdentifier(Oids.EcdsaWithSha256);
        w.WriteBitString(Key.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    });

    public static (string, byte[][]) ExtensionRequest(params CertificateExtension[] extensions) =>
        (Oids.ExtensionRequest, [Extensions(extensions)]);

    public static byte[] Extensions(params CertificateExtension[] extensions) => Der(w =>
    {
        using var list = w.PushSequence();
        foreach (var extension in extensions)
        {
            using var one = w.PushSequence();
            w.WriteObjectIdentifier(extension.Oid);
            if (extension.Critical) w.WriteBoolean(true);
            w.WriteOctetString(extension.Value.Span);
        }
    });

    public static X509Certificate2 SelfSigned(string subject, Action<CertificateRequest>? with = null)
    {
        var request = new CertificateRequest(subject, Key, HashAlgorithmName.SHA256);
        with?.Invoke(request);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(90));
    }

    /// <summary>A name with one attribute a RDN, each value in the string type given.</summary>
    public static DistinguishedName Name(params (string Oid, UniversalTagNumber Type, string Value)[] attributes) =>
        DistinguishedName.Parse(Der(w =>
        {
            using var name = w.PushSequence();
            foreach (var (oid, type, value) in attributes)
            {
                using var set = w.PushSetOf();
                using var attribute = w.PushSequence();
                w.WriteObjectIdentifier(oid);
                if (type == UniversalTagNumber.UniversalString) w.WriteEncodedValue(Universal(value));
                else w.WriteCharacterString(type, value);
            }
        }));

    // The platform's writer does not know UniversalString either: tag 28, a short length, UCS-4.
    private static byte[] Universal(string value)
    {
        var content = Encoding.GetEncoding("utf-32BE").GetBytes(value);
        return [0x1C, checked((byte)content.Length), .. content];
    }
}
