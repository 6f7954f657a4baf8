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

    /// <summary>The longest validity for a certificate issued at that time (section 6.3.2).</summary>
    public static TimeSpan MaximumValidity(DateTimeOffset issued)
        => TimeSpan.FromDays(Array.Find(Schedule, step => issued >= step.From) is { Days: > 0 } step ? step.Days : 398);

    public static Refusal? Check(ProvenRequest proven)
    {
        var request = proven.Request;
        if (proven.PublicKey.KeyType == KeyType.EcdsaP521)
        {
            return Refuse("key-type", "P-521 keys are not allowed (section 6.1.5)");
        }
        if (request.RequestedSan is not { } names)
        {
            return Refuse("san-required", "a subject alternative name is required (section 7.1.2.7.12)");
        }
        if (names.Entries.FirstOrDefault(name => name.Kind is not (GeneralNameKind.Dns or GeneralNameKind.Ip)) is { } other)
        {
            return Refuse("san-type", $"the alternative name {other.Text} is neither a DNS name nor an IP address (section 7.1.2.7.12)");
        }
        if (request.Subject.CommonNames.FirstOrDefault(common => !IsAmong(common, names)) is { } unmatched)
        {
            return Refuse("cn-not-in-san", $"the common name {NameText.Escape(unmatched)} is not among the alternative names (section 7.1.4.3)");
        }
        return request.Subject.Values(Oids.CountryName).FirstOrDefault(country => country.Length != 2 || !country.All(char.IsAsciiLetterUpper)) is { } wrong
            ? Refuse("country", $"{NameText.Escape(wrong)} is not a two-letter country code (section 7.1.4.2)")
            : null;
    }

    private static bool IsAmong(string common, GeneralNames names)
        => names.Entries.Any(name => name.Value.Equals(common, StringComparison.OrdinalIgnoreCase));

    private static Refusal Refuse(string code, string detail) => new(RefusalKind.Policy, code, $"profile_rules = \"cabf\": {detail}");
}
