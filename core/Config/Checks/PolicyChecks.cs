using System.Security.Cryptography.X509Certificates;
using Kipuka.Config.Binding;
using Kipuka.Pki;

namespace Kipuka.Config.Checks;

/// <summary>Key types, signature algorithms and usages, wherever they are listed.</summary>
internal static class PolicyChecks
{
    // Ruling 37: who has one of these speaks for others.
    private static readonly string[] Reserved = [Oids.OcspSigning, Oids.CmcRa, Oids.CmcCa, Oids.AnyExtendedKeyUsage];

    private static readonly string[] EkuNames =
        ["serverAuth", "clientAuth", "codeSigning", "emailProtection", "timeStamping", "ipsecIKE", "documentSigning", "smartcardLogon"];

    private static readonly string[] KeyTypeNames =
        ["rsa-2048", "rsa-3072", "rsa-4096", "ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "ml-dsa-44", "ml-dsa-65", "ml-dsa-87", "ml-kem-512", "ml-kem-768", "ml-kem-1024", "ed25519"];

    private static readonly string[] KeyUsageNames =
    [
        "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
        "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
    ];

    private static readonly string[] Hashes = ["sha256", "sha384", "sha512"];

    public static void RevokesPrevious(CheckReport report, string? text, string path)
    {
        if (text is not null && !RevokePrevious.TryParse(text, out _))
        {
            report.Fail("bad-value", path, "must be \"none\", \"on-success\", or a time such as \"after:7d\", at most ten years");
        }
    }

    public static void KeyTypes(CheckReport report, IReadOnlyList<string>? types, string path)
    {
        NotEmpty(report, types, path, "all key types");
        foreach (var (name, at) in report.Items(types, path))
        {
            if (!KeyType.TryParse(name, out var type)) report.Fail("bad-value", at, Unknown(name, "not a key type", KeyTypeNames));
            else if (!KeyType.Certifiable.Contains(type) && type.Family != KeyFamily.Rsa)
            {
                report.Warn("not-supported", at, $"{type.Name} keys cannot be verified on this system, so none will be accepted");
            }
        }
    }

    public static void SignatureAlgorithmNames(CheckReport report, IReadOnlyList<string>? names, string path)
    {
        NotEmpty(report, names, path, "all signature algorithms");
        foreach (var (name, at) in report.Items(names, path))
        {
            if (!SignatureAlgorithms.IsKnown(name)) report.Fail("bad-value", at, Unknown(name, "no hash or signature algorithm that is accepted", Hashes));
        }
    }

    public static void KeyUsage(CheckReport report, IReadOnlyList<string>? names, string path)
    {
        var forIssuer = false;
        foreach (var (name, at) in report.Items(names, path))
        {
            if (!KeyUsages.TryParse(name, out var flag)) report.Fail("bad-value", at, Unknown(name, "not a key usage", KeyUsageNames));
            forIssuer |= (flag & (X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign)) != 0;
        }

        if (forIssuer)
        {
            report.Warn("ca-key-usage", path,
                "keyCertSign and cRLSign are usages of the CA's own certificate; they are never put into an issued one");
        }
    }

    /// <param name="report">Takes what is wrong.</param>
    /// <param name="names">Names or OIDs.</param>
    /// <param name="path">Where they are listed.</param>
    /// <param name="mayReserve">Whether a reserved usage may be listed, by its OID.</param>
    public static void ExtKeyUsage(CheckReport report, IReadOnlyList<string>? names, string path, bool mayReserve)
    {
        foreach (var (name, at) in report.Items(names, path))
        {
            if (!Eku.TryParse(name, out var oid))
            {
                report.Fail("bad-value", at, Unknown(name, "neither an extended key usage nor an OID in dots", EkuNames));
            }
            else if (Reserved.Contains(oid) && !mayReserve)
            {
                report.Fail("bad-value", at,
                    $"{Eku.Name(oid)} is given by labels only; list {oid} in required_ext_key_usage or allowed_ext_key_usage of one");
            }
            else if (Reserved.Contains(oid) && name != oid)
            {
                report.Fail("bad-value", at, $"gives power over others' certificates; if that is meant, write its OID, {oid}");
            }
        }
    }

    public static void CertificatePolicies(CheckReport report, IReadOnlyList<CertificatePolicyConfig> policies, string path)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var (policy, i) in policies.Select((policy, i) => (policy, i)))
        {
            if (policy.Oid is not { } oid) continue; // the binder has said that it is missing
            if (!Der.IsOid(oid)) report.Fail("bad-value", $"{path}[{i}]", "must be an OID in dots, such as 2.23.140.1.2.1");
            else if (!seen.Add(oid)) report.Fail("duplicate-name", $"{path}[{i}]", "names a policy twice; a certificate can name it once (RFC 5280 section 4.2.1.4)");
            if (policy.Cps is { } cps && (cps.Any(c => !char.IsAscii(c)) || !Uri.TryCreate(cps, UriKind.Absolute, out _)))
            {
                report.Fail("bad-value", $"{path}[{i}].cps", "must be an absolute URI in ASCII, such as https://example.com/cps");
            }
        }
    }

    // Ruling 9: the empty list has been documented both as "all" and as "none".
    private static void NotEmpty(CheckReport report, IReadOnlyList<string>? list, string path, string all)
    {
        if (list is { Count: 0 })
        {
            report.Fail("bad-value", path,
                $"is empty, which could mean all or none; list what is allowed, or remove the key to allow {all}");
        }
    }

    private static string Unknown(string name, string what, string[] known)
        => NearestName.Find(name, known) is { } nearest
            ? $"is {what}; did you mean {nearest}?"
            : $"is {what}; write one of {string.Join(", ", known)}";
}
