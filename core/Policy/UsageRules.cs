using System.Security.Cryptography.X509Certificates;
using Kipuka.Config;
using Kipuka.Pki;

namespace Kipuka.Policy;

/// <summary>Key usage and extended key usage: what is asked, cut down to what the CA and the label list.</summary>
internal sealed class UsageRules(IReadOnlyList<string> required, IReadOnlyList<string> extra)
{
    /// <summary>Key usages that only CA certificates have.</summary>
    public const X509KeyUsageFlags CaOnly = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign;

    private const X509KeyUsageFlags Default = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment;

    private static readonly string[] Reserved = [Oids.OcspSigning, Oids.CmcRa, Oids.CmcCa, Oids.AnyExtendedKeyUsage];

    /// <summary>The extended key usages that every certificate of the label has.</summary>
    public IReadOnlyList<string> RequiredExtended => required;

    public static UsageRules From(LabelConfig? label) => new(LabelOids(label?.RequiredExtKeyUsage), LabelOids(label?.AllowedExtKeyUsage));

    /// <summary>Ruling 37: usages that give power over others' certificates; only a label that lists them by OID gives them.</summary>
    public static bool IsReserved(string oid) => Reserved.Contains(oid);

    public static string ParseOid(string name)
        => Eku.TryParse(name, out var oid) ? oid : throw new InvalidOperationException($"The extended key usage {name} was not checked.");

    /// <summary>A CSR that wants to be a CA is refused, never trimmed (ruling 41).</summary>
    public static Refusal? CheckNoAuthority(RequestedExtensions requested)
    {
        if (requested.BasicConstraints is { Ca: true })
        {
            return new Refusal(
                RefusalKind.Malformed, "ca-requested", "the request asks for basicConstraints CA:TRUE; no CA certificates are issued here");
        }
        return ((requested.KeyUsage ?? X509KeyUsageFlags.None) & CaOnly) == 0
            ? null
            : new Refusal(RefusalKind.Malformed, "ca-requested", "the request asks for keyCertSign or cRLSign; no CA certificates are issued here");
    }

    /// <summary>The label's list replaces the CA's defaults; asked usages within both lists are added.</summary>
    public IReadOnlyList<string> GrantExtended(IReadOnlyList<string> asked, AuthorityLimits authority, Notes notes)
    {
        var basis = required.Count > 0 ? required : authority.ExtKeyUsage;
        if (asked.Count == 0)
        {
            return basis;
        }
        var granted = asked.Where(oid => authority.ExtKeyUsage.Contains(oid) || required.Contains(oid) || extra.Contains(oid)).ToList();
        notes.AddDropped("eku", asked.Except(granted).Select(Eku.Name));
        List<string> all = [.. required.Union(granted)];
        return all.Count > 0 ? all : basis;
    }

    /// <summary>Asked usages narrow the CA's list; they never widen it.</summary>
    public static X509KeyUsageFlags Grant(ProvenRequest proven, AuthorityLimits authority, Notes notes)
    {
        var family = proven.PublicKey.KeyType.Family;
        var allowed = (authority.KeyUsage ?? Default) & Fitting(family);
        if (allowed == X509KeyUsageFlags.None)
        {
            allowed = family == KeyFamily.MlKem ? X509KeyUsageFlags.KeyEncipherment : X509KeyUsageFlags.DigitalSignature;
        }
        if (proven.Request.Requested.KeyUsage is not { } asked)
        {
            return allowed;
        }
        var granted = asked & allowed;
        notes.AddDropped("key_usage", KeyUsages.Names(asked & ~allowed));
        return granted == X509KeyUsageFlags.None ? allowed : granted;
    }

    // Ruling 14: only RSA keys can encipher keys, only elliptic curve keys agree on them; every one of these signs. ML-KEM keys have no other usage
    // than keyEncipherment (RFC 9935 section 5).
    private static X509KeyUsageFlags Fitting(KeyFamily family) => family switch
    {
        KeyFamily.Rsa => X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DataEncipherment | X509KeyUsageFlags.NonRepudiation,
        KeyFamily.Ecdsa => X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation | X509KeyUsageFlags.KeyAgreement,
        KeyFamily.MlKem => X509KeyUsageFlags.KeyEncipherment,
        _ => X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation,
    };

    private static List<string> LabelOids(IReadOnlyList<string>? names)
        => [.. (names ?? []).Select(name => (Name: name, Oid: ParseOid(name)))
            .Where(usage => !IsReserved(usage.Oid) || usage.Name == usage.Oid)
            .Select(usage => usage.Oid)];
}
