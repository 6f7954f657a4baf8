using Kipuka.Pki;

namespace Kipuka.Policy;

/// <summary>The CA/Browser Forum's baseline requirements for TLS certificates, in force where <c>profile_rules = "cabf"</c> (rulings 39, 40).</summary>
internal static class CabfRules
{
    private static readonly (DateTimeOffset From, int Days)[] Schedule =
    [
        (new(2029, 3, 15, 0, 0, 0, TimeSpan.Zero), 47),
        (new(2027, 3, 15, 0, 0, 0, TimeSpan.Zero), 100),
        (new(2026, 3, 15, 0, 0, 0, TimeSpan.Zero), 200),
    ];

    // IANA's special-purpose registries: what is not globally reachable.
    private static readonly System.Net.IPNetwork[] Reserved =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "::ffff:0:0/96", "100::/64", "2001:db8::/32", "fc00::/7", "fe80::/10", "ff00::/8",
        ]).Select(System.Net.IPNetwork.Parse),
    ];

    /// <summary>The longest validity for a certificate issued at that time (section 6.3.2).</summary>
    public static TimeSpan MaximumValidity(DateTimeOffset issued)
        => TimeSpan.FromDays(Array.Find(Schedule, step => issued >= step.From) is { Days: > 0 } step ? step.Days : 398);

    /// <summary>Section 6.1.5: RSA, P-256 and P-384.</summary>
    public static Refusal? CheckKey(KeyType type)
        => type == KeyType.EcdsaP256 || type == KeyType.EcdsaP384 || (type.Family == KeyFamily.Rsa && type.Size % 8 == 0)
            ? null
            : Refuse("key-type", $"{(type == KeyType.EcdsaP521 ? "P-521" : type.Name)} keys are not allowed (section 6.1.5)");

    /// <summary>Section 7.1.2.7.10: serverAuth, clientAuth besides, nothing else.</summary>
    public static Refusal? CheckUsages(IReadOnlyList<string> extended)
    {
        if (!extended.Contains(Oids.ServerAuth))
        {
            return Refuse("eku", "serverAuth must be among the extended key usages (section 7.1.2.7.10); list it in required_ext_key_usage");
        }
        return extended.FirstOrDefault(oid => oid is not (Oids.ServerAuth or Oids.ClientAuth)) is { } other
            ? Refuse("eku", $"the extended key usage {Eku.Name(other)} is not allowed (section 7.1.2.7.10)")
            : null;
    }

    public static Refusal? Check(KeyType key, IssuedNames issued)
    {
        if (CheckKey(key) is { } wrongKey)
        {
            return wrongKey;
        }
        if (issued.San is not { } names)
        {
            return Refuse("san-required", "a subject alternative name is required (section 7.1.2.7.12)");
        }
        if (names.Entries.FirstOrDefault(name => name.Kind is not (GeneralNameKind.Dns or GeneralNameKind.Ip)) is { } other)
        {
            return Refuse("san-type", $"the alternative name {other.Text} is neither a DNS name nor an IP address (section 7.1.2.7.12)");
        }
        if (names.Entries.FirstOrDefault(IsInternal) is { } reserved)
        {
            return Refuse("internal-name", $"the alternative name {reserved.Text} is no name or address of the public internet (section 4.2.2)");
        }
        if (issued.Subject.Values(Oids.OrganizationalUnitName).Any())
        {
            return Refuse("subject-attribute", "the subject must have no organizationalUnitName (section 7.1.4.2)");
        }
        if (issued.Subject.CommonNames.FirstOrDefault(common => !IsAmong(common, names)) is { } unmatched)
        {
            return Refuse("cn-not-in-san", $"the common name {NameText.Escape(unmatched)} is not among the alternative names (section 7.1.4.3)");
        }
        return issued.Subject.Values(Oids.CountryName).FirstOrDefault(country => country.Length != 2 || !country.All(char.IsAsciiLetterUpper)) is { } wrong
            ? Refuse("country", $"{NameText.Escape(wrong)} is not a two-letter country code (section 7.1.4.2)")
            : null;
    }

    private static bool IsAmong(string common, GeneralNames names)
        => names.Entries.Any(name => name.Value.Equals(common, StringComparison.OrdinalIgnoreCase));

    // A single label, or an address that is routed nowhere: nobody can prove to own it. Which top-level domains exist changes too often to be told here.
    private static bool IsInternal(GeneralName name) => name.Kind == GeneralNameKind.Dns
        ? !name.Value.TrimStart('*').TrimStart('.').Contains('.', StringComparison.Ordinal)
        : Reserved.Any(network => network.Contains(name.Address!));

    private static Refusal Refuse(string code, string detail) => new(RefusalKind.Policy, code, $"profile_rules = \"cabf\": {detail}");
}
