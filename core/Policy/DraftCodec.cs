using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk.Ca;

namespace Kipuka.Policy;

/// <summary>Drafts as bytes, for the ledger: after a crash the very same certificate is asked for again.</summary>
internal static class DraftCodec
{
    public static byte[] Encode(CertificateDraft draft)
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            der.WriteOctetString(draft.Transaction.ToByteArray());
            der.WriteCharacterString(UniversalTagNumber.UTF8String, draft.Profile);
            der.WriteEncodedValue(draft.Subject.RawData);
            der.WriteEncodedValue(draft.SubjectPublicKeyInfo.Span);
            der.WriteInteger(draft.NotBefore.ToUnixTimeSeconds());
            der.WriteInteger(draft.NotAfter.ToUnixTimeSeconds());
            der.WriteOctetString(draft.Serial.Span);
            using (der.PushSequence())
            {
                foreach (var extension in draft.Extensions)
                {
                    using (der.PushSequence())
                    {
                        der.WriteObjectIdentifier(extension.Oid!.Value!);
                        der.WriteBoolean(extension.Critical);
                        der.WriteOctetString(extension.RawData);
                    }
                }
            }
        }
        return der.Encode();
    }

    public static CertificateDraft Decode(ReadOnlyMemory<byte> bytes)
    {
        var der = new AsnReader(bytes, AsnEncodingRules.DER).ReadSequence();
        var transaction = new Guid(der.ReadOctetString());
        var profile = der.ReadCharacterString(UniversalTagNumber.UTF8String);
        var subject = new X500DistinguishedName(der.ReadEncodedValue().Span);
        var key = der.ReadEncodedValue();
        var notBefore = ReadTime(der);
        var notAfter = ReadTime(der);
        var serial = der.ReadOctetString();
        var extensions = new List<X509Extension>();
        for (var list = der.ReadSequence(); list.HasData;)
        {
            var extension = list.ReadSequence();
            var oid = extension.ReadObjectIdentifier();
            var critical = extension.ReadBoolean();
            extensions.Add(new X509Extension(oid, extension.ReadOctetString(), critical));
        }
        return new CertificateDraft
        {
            Transaction = transaction,
            Profile = profile,
            Subject = subject,
            SubjectPublicKeyInfo = key,
            NotBefore = notBefore,
            NotAfter = notAfter,
            Serial = serial,
            Extensions = extensions,
        };
    }

    private static DateTimeOffset ReadTime(AsnReader der)
        => DateTimeOffset.FromUnixTimeSeconds((long)der.ReadInteger());
}
