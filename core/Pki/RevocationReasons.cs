using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Pki;

/// <summary>CRLReason (RFC 5280 5.3.1) by name and by number. 7 is unused.</summary>
internal static class RevocationReasons
{
    private static readonly (string Name, X509RevocationReason Reason)[] All =
    [
        ("unspecified", X509RevocationReason.Unspecified),
        ("keyCompromise", X509RevocationReason.KeyCompromise),
        ("cACompromise", X509RevocationReason.CACompromise),
        ("affiliationChanged", X509RevocationReason.AffiliationChanged),
        ("superseded", X509RevocationReason.Superseded),
        ("cessationOfOperation", X509RevocationReason.CessationOfOperation),
        ("certificateHold", X509RevocationReason.CertificateHold),
        ("removeFromCRL", X509RevocationReason.RemoveFromCrl),
        ("privilegeWithdrawn", X509RevocationReason.PrivilegeWithdrawn),
        ("aACompromise", X509RevocationReason.AACompromise),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(r => r.Name)];

    public static string Name(X509RevocationReason reason) => Array.Find(All, r => r.Reason == reason).Name ?? "unspecified";

    /// <summary>A name in camel, snake or kebab case, or a number.</summary>
    public static bool TryParse(string text, out X509RevocationReason reason)
    {
        var plain = string.Concat(text.Where(c => c is not ('_' or '-' or ' ')));
        var byNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var found = Array.Find(All, r => byNumber ? (int)r.Reason == number : r.Name.Equals(plain, StringComparison.OrdinalIgnoreCase));
        reason = found.Reason;
        return found.Name is not null;
    }
}
