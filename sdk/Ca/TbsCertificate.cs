using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Sdk.Ca;

/// <summary>Encodes drafts as the TBSCertificate of RFC 5280 section 4.1, for one issuer.</summary>
internal sealed class TbsCertificate
{
    private const string AuthorityKeyIdentifierOid = "2.5.29.35";
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context3 = new(TagClass.ContextSpecific, 3);

    private readonly byte[] issuerName;
    private readonly byte[] authorityKeyIdentifier;
    private readonly ReadOnlyMemory<byte> algorithm;

    public TbsCertificate(X509Certificate2 issuer, SignatureScheme scheme)
    {
        issuerName = issuer.SubjectName.RawData;
        authorityKeyIdentifier = EncodeAuthorityKeyIdentifier(issuer);
        algorithm = scheme.AlgorithmIdentifier;
    }

    public byte[] Encode(CertificateDraft draft)
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            using (der.PushSequence(Context0))
            {
                der.WriteInteger(2);
            }
            WriteSerial(der, draft.Serial.Span);
            der.WriteEncodedValue(algorithm.Span);
            der.WriteEncodedValue(issuerName);
            using (der.PushSequence())
            {
                WriteTime(der, draft.NotBefore);
                WriteTime(der, draft.NotAfter);
            }
            der.WriteEncodedValue(draft.Subject.RawData);
            der.WriteEncodedValue(draft.SubjectPublicKeyInfo.Span);
            using (der.PushSequence(Context3))
            using (der.PushSequence())
            {
                WriteExtension(der, AuthorityKeyIdentifierOid, false, authorityKeyIdentifier);
                foreach (var extension in draft.Extensions)
                {
                    WriteExtension(der, extension.Oid!.Value!, extension.Critical, extension.RawData);
                }
            }
        }
        return der.Encode();
    }

    public byte[] Complete(ReadOnlySpan<byte> toBeSigned, ReadOnlySpan<byte> signature)
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            der.WriteEncodedValue(toBeSigned);
            der.WriteEncodedValue(algorithm.Span);
            der.WriteBitString(signature);
        }
        return der.Encode();
    }

    // Only the keyIdentifier: issuer and serial would tie the certificate to one of several cross-certified issuers.
    private static byte[] EncodeAuthorityKeyIdentifier(X509Certificate2 issuer)
    {
        var subjectKeyIdentifier = issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()
            ?? new X509SubjectKeyIdentifierExtension(issuer.PublicKey, false);
        return X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(subjectKeyIdentifier).RawData;
    }

    private static void WriteExtension(AsnWriter der, string oid, bool critical, ReadOnlySpan<byte> value)
    {
        using (der.PushSequence())
        {
            der.WriteObjectIdentifier(oid);
            if (critical)
            {
                der.WriteBoolean(true);
            }
            der.WriteOctetString(value);
        }
    }

    // RFC 5280 section 4.1.2.2: positive, at most 20 octets of content. DER wants the shortest form, and one draft in 256 begins with zeros.
    private static void WriteSerial(AsnWriter der, ReadOnlySpan<byte> serial)
    {
        var number = serial.TrimStart((byte)0);
        if (number.IsEmpty || number.Length > 20 || (number.Length == 20 && number[0] >= 0x80))
        {
            throw new ArgumentException(
                $"The serial number {Convert.ToHexStringLower(serial)} is not positive or longer than 20 octets.", nameof(serial));
        }
        der.WriteIntegerUnsigned(number);
    }

    // RFC 5280 section 4.1.2.5: UTCTime through 2049, GeneralizedTime without fractions from 2050.
    private static void WriteTime(AsnWriter der, DateTimeOffset time)
    {
        if (time.UtcDateTime.Year < 2050)
        {
            der.WriteUtcTime(time, 2049);
        }
        else
        {
            der.WriteGeneralizedTime(time, omitFractionalSeconds: true);
        }
    }
}
