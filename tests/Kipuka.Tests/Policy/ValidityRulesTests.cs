using System.Formats.Asn1;
using System.Security.Cryptography;
using Kipuka.Config;
using Kipuka.Pki;
using Kipuka.Policy;
using static Kipuka.Tests.Policy.PolicySetup;

namespace Kipuka.Tests.Policy;

public class ValidityRulesTests
{
    [Fact]
    public void A_day_has_86400_seconds_and_both_ends_belong_to_the_period_RFC_5280_4_1_2_5()
        => Assert.Equal(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1), Length(Approve(Request())));

    [Fact]
    public void The_maximum_is_the_least_of_CA_label_and_issuer_ruling_38()
    {
        Assert.Equal(30, Days(Approve(Request(), Label(l => l with { MaxValidityDays = 30 }))));
        Assert.Equal(20, Days(Approve(Request(), limits: CaLimits with { MaxValidity = TimeSpan.FromDays(20) })));
        Assert.Equal(10, Days(Approve(Request(), defaults: new EnrollmentConfig { MaxValidityDays = 10 })));
        var ending = CaLimits with { IssuerNotAfter = Now.AddDays(5) };
        Assert.Equal(ending.IssuerNotAfter, Granted(Approve(Request(), limits: ending)).NotAfter);
    }

    [Fact]
    public void An_expired_issuer_issues_nothing()
        => Assert.Equal("issuer-expired", Code(Approve(Request(), limits: CaLimits with { IssuerNotAfter = Now })));

    [Fact]
    public void A_validity_never_begins_before_the_issuers_own()
        => Assert.Equal(Now.AddSeconds(-10), Granted(Approve(Request(), limits: CaLimits with { IssuerNotBefore = Now.AddSeconds(-10) })).NotBefore);

    [Fact]
    public void A_requested_validity_is_honoured_clamped_and_noted_or_refused()
    {
        Assert.Equal(7, Days(Approve(Asking(7))));
        Assert.Empty(Notes(Approve(Asking(7))));
        var clamped = Approve(Asking(1000));
        Assert.Equal(398, Days(clamped));
        Assert.Equal("1000", Notes(clamped)["validity_requested_days"]);
        Assert.Equal("398", Notes(clamped)["validity_granted_days"]);
        var strict = Label(l => l with { ValidityPolicy = "reject" });
        Assert.Equal("validity", Code(Approve(Asking(1000), strict)));
        Assert.Equal(398, Days(Approve(Asking(398), strict)));
    }

    [Theory]
    [InlineData("2026-03-14T23:59:59Z", 398)]
    [InlineData("2026-03-15T00:00:00Z", 200)]
    [InlineData("2027-03-15T00:00:00Z", 100)]
    [InlineData("2029-03-14T23:59:59Z", 100)]
    [InlineData("2029-03-15T00:00:00Z", 47)]
    public void The_dated_schedule_goes_by_the_date_of_issue_ruling_40(string issued, int days)
        => Assert.Equal(TimeSpan.FromDays(days), CabfRules.MaximumValidity(DateTimeOffset.Parse(issued, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void The_schedule_holds_where_a_label_or_CA_says_so_only()
    {
        var longLived = CaLimits with { Validity = TimeSpan.FromDays(398) };
        Assert.Equal(398, Days(Approve(Request(dns: ["a.example.com"]), limits: longLived)));
        Assert.Equal(200, Days(Approve(Request("", ["a.example.com"]), limits: longLived with { Cabf = true })));
    }

    private static TimeSpan Length(Approval approval) => Granted(approval).NotAfter - Granted(approval).NotBefore;

    private static double Days(Approval approval) => (Length(approval) + TimeSpan.FromSeconds(1)).TotalDays;

    // ENROLLMENT_NAME_VALUE_PAIR (1.3.6.1.4.1.311.13.2.1): ValidityPeriod and ValidityPeriodUnits.
    private static CertificationRequest Asking(int days) => Request(change: request =>
    {
        foreach (var (name, value) in new[] { ("ValidityPeriod", "days"), ("ValidityPeriodUnits", days.ToString(System.Globalization.CultureInfo.InvariantCulture)) })
        {
            var pair = new AsnWriter(AsnEncodingRules.DER);
            using (pair.PushSequence())
            {
                pair.WriteCharacterString(UniversalTagNumber.BMPString, name);
                pair.WriteCharacterString(UniversalTagNumber.BMPString, value);
            }
            request.OtherRequestAttributes.Add(new AsnEncodedData(new Oid(Oids.EnrollmentNameValuePair), pair.Encode()));
        }
    });
}
