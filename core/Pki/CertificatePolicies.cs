namespace Kipuka.Pki;

/// <summary>The certificatePolicies extension (RFC 5280 4.2.1.4).</summary>
internal static class CertificatePolicies
{
    private const string CpsQualifier = "1.3.6.1.5.5.7.2.1";

    public static byte[] Encode(IEnumerable<CertificatePolicy> policies) => Der.Write(writer =>
    {
        using var list = writer.PushSequence();
        foreach (var policy in policies)
        {
            using var information = writer.PushSequence();
            writer.WriteObjectIdentifier(policy.Oid);
            if (policy.Cps is not { } cps) continue;
            using var qualifiers = writer.PushSequence();
            using var qualifier = writer.PushSequence();
            writer.WriteObjectIdentifier(CpsQualifier);
            writer.WriteCharacterString(System.Formats.Asn1.UniversalTagNumber.IA5String, cps);
        }
    });
}
