using Kipuka.Config;

namespace Kipuka.Tests.Config;

public sealed class RenewalChecksTests
{
    private const string Label = "[[est.label]]\nname = \"a\"\nca_id = \"one\"\n";

    [Theory]
    [InlineData("none", null)]
    [InlineData("on-success", 0.0)]
    [InlineData("after:7d", 7 * 24.0)]
    [InlineData("after:1h30m", 1.5)]
    public void Revoke_previous_is_none_on_success_or_a_time(string text, double? hours)
    {
        Assert.True(RevokePrevious.TryParse(text, out var after));
        Assert.Equal(hours, after?.TotalHours);
        Checked.Minimal(Label + $"revoke_previous = \"{text}\"").IsFine();
        Checked.Minimal($"[enrollment]\nrevoke_previous = \"{text}\"").IsFine();
    }

    [Theory]
    [InlineData("")]
    [InlineData("always")]
    [InlineData("after:")]
    [InlineData("after:soon")]
    [InlineData("after:7")]
    [InlineData("after:-1d")]
    [InlineData("after:9999d")]
    [InlineData("On-Success")]
    public void Anything_else_is_refused(string text)
    {
        Checked.Minimal(Label + $"revoke_previous = \"{text}\"").HasOnly("bad-value", "est.label[0].revoke_previous", "after:7d");
        Checked.Minimal($"[enrollment]\nrevoke_previous = \"{text}\"").HasOnly("bad-value", "enrollment.revoke_previous", "on-success");
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("[est]\nrenewal_info = true", true)]
    [InlineData("[est]\nrenewal_info = false", false)]
    [InlineData("[est.renewal_info]\nretry_after = \"1h\"", true)]
    [InlineData("[est.renewal_info]\nenabled = false", false)]
    public void Renewal_information_is_on_unless_it_is_switched_off(string toml, bool on)
        => Assert.Equal(on, Checked.Minimal(toml).IsFine().Est.RenewalInfo.Enabled);

    [Theory]
    [InlineData("start_percent = 80", "est.renewal_info.end_percent", "more than start_percent, which is 80")]
    [InlineData("start_percent = 0", "est.renewal_info.start_percent", "1")]
    [InlineData("end_percent = 100", "est.renewal_info.end_percent", "99")]
    [InlineData("retry_after = \"1s\"", "est.renewal_info.retry_after", "")]
    [InlineData("explanation_url = \"renewal.html\"", "est.renewal_info.explanation_url", "https://")]
    [InlineData("explanation_url = \"file:///x\"", "est.renewal_info.explanation_url", "https://")]
    public void Its_window_lies_within_a_life(string line, string key, string says)
        => Assert.Contains(Checked.Minimal($"[est.renewal_info]\n{line}").Errors, error => error.Key == key && error.Message.Contains(says, StringComparison.Ordinal));

    [Fact]
    public void The_anchors_of_registration_authorities_have_an_effect()
        => Assert.DoesNotContain(Checked.Minimal("[est.ra]\ntrust_anchors = []").Problems, problem => problem.Code == "no-effect");
}
