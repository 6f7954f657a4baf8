using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>What requests ask for besides names: changes for <see cref="Csr"/>.</summary>
internal static class Requests
{
    private const string NameValuePair = "1.3.6.1.4.1.311.13.2.1";
    private const string ChangeSubjectName = "1.3.6.1.5.5.7.7.36";

    /// <summary>MS-WCCE section 2.2.2.7.10.</summary>
    public static Action<CertificateRequest> Validity(int number, string unit = "Days") => request =>
    {
        request.OtherRequestAttributes.Add(Pair("ValidityPeriod", unit));
        request.OtherRequestAttributes.Add(Pair("ValidityPeriodUnits", $"{number}"));
    };

    public static Action<CertificateRequest> Usages(params string[] oids) => request =>
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. oids.Select(oid => new Oid(oid))], false));

    /// <summary>RFC 6402 section 2.8.</summary>
    public static Action<CertificateRequest> NewSubject(string subject) => request =>
        request.OtherRequestAttributes.Add(new AsnEncodedData(new Oid(ChangeSubjectName), RawCsr.Sequence(new X500DistinguishedName(subject).RawData)));

    private static AsnEncodedData Pair(string name, string value)
    {
        var pair = new AsnWriter(AsnEncodingRules.DER);
        using (pair.PushSequence())
        {
            pair.WriteCharacterString(UniversalTagNumber.BMPString, name);
            pair.WriteCharacterString(UniversalTagNumber.BMPString, value);
        }
        return new AsnEncodedData(new Oid(NameValuePair), pair.Encode());
    }
}
