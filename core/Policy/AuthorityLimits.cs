using System.Security.Cryptography.X509Certificates;
using Kipuka.Config;
using Kipuka.Pki;

namespace Kipuka.Policy;

/// <summary>What one CA allows and defaults to: its table and its certificate.</summary>
internal sealed record AuthorityLimits(
    string Id,
    IReadOnlyList<string> AllowedSubjects,
    X509KeyUsageFlags? KeyUsage,
    IReadOnlyList<string> ExtKeyUsage,
    TimeSpan Validity,
    TimeSpan MaxValidity,
    bool Cabf,
    DateTimeOffset IssuerNotBefore,
    DateTimeOffset IssuerNotAfter)
{
    /// <summary>The name constraints of the issuer and of the CAs above it.</summary>
    public IReadOnlyList<NameConstraints> Constraints { get; init; } = [];

    /// <summary>The policies that it issues under, where a label names none.</summary>
    public IReadOnlyList<CertificatePolicy> Policies { get; init; } = [];

    public static AuthorityLimits From(CaConfig config, CertificateFields issuer, IReadOnlyList<NameConstraints> constraints) => new(
        config.Id,
        config.AllowedSubjects,
        ParseKeyUsage(config.DefaultKeyUsage),
        [.. config.DefaultExtKeyUsage.Select(UsageRules.ParseOid).Where(oid => !UsageRules.IsReserved(oid))],
        TimeSpan.FromDays(config.ValidityDays),
        TimeSpan.FromDays(config.MaxValidityDays),
        config.ProfileRules == "cabf",
        issuer.NotBefore,
        issuer.NotAfter)
    {
        Constraints = constraints,
        Policies = ExtensionRules.Policies(config.CertificatePolicies),
    };

    // Ruling 14: keyCertSign and cRLSign describe the CA's own certificate and never reach an issued one.
    private static X509KeyUsageFlags? ParseKeyUsage(IReadOnlyList<string>? names)
    {
        if (names is null)
        {
            return null;
        }
        var flags = X509KeyUsageFlags.None;
        foreach (var name in names)
        {
            flags |= KeyUsages.TryParse(name, out var flag) ? flag : X509KeyUsageFlags.None;
        }
        flags &= ~UsageRules.CaOnly;
        return flags == X509KeyUsageFlags.None ? null : flags;
    }
}
