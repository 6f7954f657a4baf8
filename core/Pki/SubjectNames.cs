using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Kipuka.Pki;

/// <summary>Whom a certificate is for: its subject and its alternative names, compared decoded (RFC 5280 section 7).</summary>
internal static class SubjectNames
{
    public static bool Same(DistinguishedName subject, GeneralNames? san, CertificateFields certificate)
        => subject.Equals(certificate.Subject) && GeneralNames.Same(san, certificate.SubjectAltName);

    /// <summary>One value for all of it, to look certificates up by: the same for names that are the same, whatever their encoding and order.</summary>
    public static byte[] Key(DistinguishedName subject, GeneralNames? san)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, subject.CanonicalText);
            foreach (var name in (san?.Entries ?? []).Select(entry => entry.CanonicalText).Distinct().Order(StringComparer.Ordinal))
            {
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, name);
            }
        }
        return SHA256.HashData(writer.Encode());
    }
}
