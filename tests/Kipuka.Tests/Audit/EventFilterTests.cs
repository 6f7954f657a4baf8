using Kipuka.Audit;
using Kipuka.Sdk.Audit;

namespace Kipuka.Tests.Audit;

public class EventFilterTests
{
    [Theory]
    [InlineData("cert.issued", "cert.issued", true)]
    [InlineData("cert.issued", "cert.revoked", false)]
    [InlineData("auth.*", "auth.otp.failure", true)]
    [InlineData("auth.*", "otp.created", false)]
    [InlineData("CertIssue", "cert.issued", true)]
    [InlineData("enroll", "cert.issued", true)]
    [InlineData("renew", "cert.renewed", true)]
    [InlineData("reject", "enroll.failure", true)]
    [InlineData("revoke", "cert.revoked", true)]
    [InlineData("revoke", "cert.issued", false)]
    public void Names_NIAP_names_globs_and_short_words_select_events_ruling_55(string word, string name, bool passes)
        => Assert.Equal(passes, new EventFilter([word]).Passes(Event(name)));

    [Fact]
    public void Nothing_listed_lets_all_pass() => Assert.True(new EventFilter([]).Passes(Event("cert.expired")));

    [Fact]
    public void Authentication_events_of_any_method_have_their_NIAP_names()
    {
        Assert.Equal("AuthSuccess", EventNames.NiapOf("auth.gssapi.success"));
        Assert.Equal("AuthFailure", EventNames.NiapOf("auth.otp.lockout"));
    }

    [Theory]
    [InlineData("cert.issued", true)]
    [InlineData("cert.isued", false)]
    [InlineData("CertIssue", true)]
    [InlineData("AuthFailure", true)]
    [InlineData("auth.gssapi.success", true)]
    [InlineData("vault.*", true)]
    [InlineData("renew", true)]
    [InlineData("enrol", false)]
    public void A_word_that_selects_nothing_is_told_from_one_that_does(string word, bool known) => Assert.Equal(known, EventNames.IsKnown(word));

    private static AuditEvent Event(string name) => new("node", 1, DateTimeOffset.UnixEpoch, name, EventNames.NiapOf(name), true);
}
