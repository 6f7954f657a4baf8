using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Sdk.Tck;

/// <summary>Subjects of drafts.</summary>
internal static class Names
{
    private const string CommonName = "2.5.4.3";
    private const string SerialNumber = "2.5.4.5";
    private const string Country = "2.5.4.6";
    private const string Organization = "2.5.4.10";
    private const string Unit = "2.5.4.11";

    public static X500DistinguishedName Plain(string name) => Encode([[(CommonName, name)]]);

    /// <summary>Several RDNs, one of them with two attributes, in several scripts, with what is special in the text form of names.</summary>
    public static X500DistinguishedName Manifold() => Encode(
    [
        [(Country, "CZ")],
        [(Organization, "Žluťoučký kůň, spol. s r.o. \"株式会社\"")],
        [(Unit, " +a=b; <c> \\ ")],
        [(CommonName, "zařízení-\U0001F512"), (SerialNumber, "0042")],
    ]);

    private static X500DistinguishedName Encode((string Oid, string Value)[][] name)
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            foreach (var part in name)
            {
                using (der.PushSetOf())
                {
                    foreach (var (oid, value) in part)
                    {
                        using (der.PushSequence())
                        {
                            der.WriteObjectIdentifier(oid);
                            // RFC 5280 appendix A.1: these two are PrintableString by definition.
                            der.WriteCharacterString(oid is Country or SerialNumber ? UniversalTagNumber.PrintableString : UniversalTagNumber.UTF8String, value);
                        }
                    }
                }
            }
        }
        return new X500DistinguishedName(der.Encode());
    }
}
