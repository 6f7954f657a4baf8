using Kipuka.Config;

namespace Kipuka.Tests.Config;

public sealed class SubjectPatternTests
{
    [Theory]
    [InlineData("^CN=a$", "CN=a", true)]
    [InlineData("^CN=a$", "CN=a\n", false)]
    [InlineData("^CN=a$", "CN=ab", false)]
    [InlineData(@"^CN=a\\$", "CN=a\\", true)]
    [InlineData(@"^CN=a\\$", "CN=a\\\n", false)]
    [InlineData(@"^CN=a\$", "CN=a$", true)]
    [InlineData(@"^CN=a\$", "CN=a$,O=x", true)]
    [InlineData("(?m)^CN=a$", "CN=a\nO=b", false)]
    [InlineData("CN=a", "O=x,CN=ab", true)]
    public void A_dollar_at_the_end_means_the_very_end(string pattern, string subject, bool matches)
        => Assert.Equal(matches, SubjectPattern.Compile(pattern).IsMatch(subject));

    [Fact]
    public void No_subject_makes_a_pattern_slow()
    {
        // Exponential where there is backtracking: this would outlive us all.
        Assert.DoesNotMatch(SubjectPattern.Compile("^(a+)+$"), new string('a', 20_000) + "!");
    }
}
