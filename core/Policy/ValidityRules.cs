using Kipuka.Config;
using Kipuka.Pki;

namespace Kipuka.Policy;

/// <summary>How long a certificate lives (ruling 38): the least of CA, label, dated schedule and the issuer's own end.</summary>
internal sealed class ValidityRules(TimeSpan? labelMaximum, bool rejectLonger, bool labelCabf)
{
    // Clients with a slow clock must not be handed a certificate from the future.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    public static ValidityRules From(LabelConfig? label, EnrollmentConfig defaults) => new(
        (label?.MaxValidityDays ?? defaults.MaxValidityDays) is { } days ? TimeSpan.FromDays(days) : null,
        label?.ValidityPolicy == "reject",
        label?.ProfileRules == "cabf");

    public (DateTimeOffset NotBefore, DateTimeOffset NotAfter, Refusal? Refusal) Decide(
        TimeSpan? wanted, AuthorityLimits authority, DateTimeOffset now, Notes notes)
    {
        if (now < authority.IssuerNotBefore || now >= authority.IssuerNotAfter)
        {
            return (now, now, new Refusal(RefusalKind.Unavailable, "issuer-expired", $"the certificate of the CA {authority.Id} is not valid now"));
        }
        var maximum = authority.MaxValidity < labelMaximum || labelMaximum is null ? authority.MaxValidity : labelMaximum.Value;
        if (labelCabf || authority.Cabf)
        {
            var schedule = CabfRules.MaximumValidity(now);
            maximum = schedule < maximum ? schedule : maximum;
        }
        var notBefore = Seconds(now - ClockSkew);
        notBefore = notBefore < authority.IssuerNotBefore ? authority.IssuerNotBefore : notBefore;
        if (wanted > maximum && rejectLonger)
        {
            return (now, now, new Refusal(RefusalKind.Policy, "validity", $"max_validity_days: {Days(wanted.Value)} days are asked, {Days(maximum)} are the most"));
        }
        var length = wanted is { } asked && asked > TimeSpan.Zero ? asked : authority.Validity;
        length = length > maximum ? maximum : length;
        // Both ends belong to the period (RFC 5280 section 4.1.2.5), so a day ends one second earlier.
        var notAfter = notBefore + length - TimeSpan.FromSeconds(1);
        notAfter = notAfter > authority.IssuerNotAfter ? authority.IssuerNotAfter : notAfter;
        if (wanted is not null && notBefore + wanted.Value - TimeSpan.FromSeconds(1) != notAfter)
        {
            notes.Add("validity_requested_days", Days(wanted.Value));
            notes.Add("validity_granted_days", Days(notAfter - notBefore));
            notes.AddUngranted($"a validity of {Days(wanted.Value)} days, of which {Days(notAfter - notBefore)} are left");
        }
        return (notBefore, notAfter, null);
    }

    private static DateTimeOffset Seconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    private static string Days(TimeSpan time) => time.TotalDays.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture);
}
