using FsCheck;
using FsCheck.Fluent;
using Kipuka.Config;
using Kipuka.Policy;
using Kipuka.Store;

namespace Kipuka.Tests.Policy;

/// <summary>When a certificate is to be renewed: by its age, never later, and at once when it is revoked.</summary>
public class RenewalRulesTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RenewalInfoConfig Usual = new();

    [Fact]
    public void Age_alone_says_two_thirds_to_three_quarters()
    {
        var window = RenewalRules.Decide(Certificate(), Usual, []);
        Assert.Equal((Begin.AddDays(67), Begin.AddDays(75), null), (window.Start, window.End, window.ExplanationUrl));
    }

    [Fact]
    public void The_percentages_are_the_operators()
    {
        var window = RenewalRules.Decide(Certificate(), new RenewalInfoConfig { StartPercent = 50, EndPercent = 51, ExplanationUrl = "https://x" }, []);
        Assert.Equal((Begin.AddDays(50), Begin.AddDays(51), "https://x"), (window.Start, window.End, window.ExplanationUrl));
    }

    [Fact]
    public void A_replacement_makes_it_earlier_and_never_later()
    {
        var early = Replacement(10, 11) with { ExplanationUrl = "https://why" };
        var window = RenewalRules.Decide(Certificate(), Usual, [Replacement(20, 22), early, Replacement(90, 95)]);
        Assert.Equal((Begin.AddDays(10), Begin.AddDays(11), "https://why"), (window.Start, window.End, window.ExplanationUrl));
        Assert.Equal(Begin.AddDays(67), RenewalRules.Decide(Certificate(), Usual, [Replacement(90, 95)]).Start);
        // It may begin earlier and be meant to last long; the usual end holds.
        Assert.Equal(Begin.AddDays(75), RenewalRules.Decide(Certificate(), Usual, [Replacement(10, 90)]).End);
    }

    [Fact]
    public void A_revoked_certificate_is_to_be_renewed_at_once()
    {
        var at = Begin.AddDays(3);
        var window = RenewalRules.Decide(Certificate() with { Revoked = at, Reason = 1 }, Usual, []);
        Assert.Equal((at.AddHours(-1), at), (window.Start, window.End));
    }

    [Theory]
    [InlineData("ca", true)]
    [InlineData("label", true)]
    [InlineData("serial", true)]
    [InlineData("subject", true)]
    [InlineData("issued", true)]
    [InlineData("other-ca", false)]
    [InlineData("other-label", false)]
    [InlineData("other-serial", false)]
    [InlineData("other-subject", false)]
    [InlineData("other-issued", false)]
    public void A_replacement_covers_what_every_filter_of_it_lets_pass(string filter, bool covers)
    {
        var all = Replacement(1, 2) with
        {
            Authority = "ca", Label = "iot", SerialHex = "0a", Subject = "device", IssuedBefore = Begin.AddDays(2),
        };
        var replacement = filter switch
        {
            "other-ca" => all with { Authority = "cb" },
            "other-label" => all with { Label = "" },
            "other-serial" => all with { SerialHex = "0b" },
            "other-subject" => all with { Subject = "router" },
            "other-issued" => all with { IssuedBefore = Begin },
            _ => all,
        };
        Assert.Equal(covers, replacement.Covers(Certificate()));
    }

    [Fact]
    public void Every_window_is_in_whole_seconds_and_ends_after_it_begins() => Prop.ForAll(
        Arb.From(Gen.Zip(Gen.Zip(Gen.Choose(1, 100_000), Gen.Choose(1, 97)), Gen.Zip(Gen.Choose(-50, 200), Gen.Choose(0, 200)))),
        given =>
        {
            var ((seconds, start), (early, revoked)) = given;
            var certificate = Certificate(TimeSpan.FromSeconds(seconds)) with { Revoked = revoked < 50 ? Begin.AddSeconds(revoked).AddMilliseconds(7) : null };
            var usual = new RenewalInfoConfig { StartPercent = start, EndPercent = start + 1 };
            var window = RenewalRules.Decide(certificate, usual, [Replacement(0, 0) with { Start = Begin.AddSeconds(early), End = Begin.AddSeconds(early + 1) }]);
            return window.End > window.Start && window.Start.UtcTicks % TimeSpan.TicksPerSecond == 0 && window.End.UtcTicks % TimeSpan.TicksPerSecond == 0;
        }).QuickCheckThrowOnFailure();

    private static Replacement Replacement(int from, int to)
        => new(Guid.Empty, Begin.AddDays(from), Begin.AddDays(to), "why", "bearer:alice", Begin);

    private static CertificateRecord Certificate(TimeSpan? life = null) => new(
        new IssuedCertificate(default, default, "0a", "CN=Device-1", "CN=CA", Begin, Begin + (life ?? TimeSpan.FromDays(100)), "ecdsa-p256"),
        "ca", "iot", "simpleenroll", "otp:x", Guid.Empty, Begin.AddMinutes(1), null, null);
}
