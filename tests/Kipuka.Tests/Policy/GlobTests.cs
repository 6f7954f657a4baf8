using FsCheck;
using FsCheck.Fluent;
using Kipuka.Policy;

namespace Kipuka.Tests.Policy;

public class GlobTests
{
    [Theory]
    [InlineData("CN=*", "CN=device-1", true)]
    [InlineData("CN=*", "O=x,CN=device-1", false)]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "x", false)]
    [InlineData("CN=a?c", "CN=abc", true)]
    [InlineData("CN=a?c", "CN=ac", false)]
    [InlineData("*.example.com", "a.b.example.com", true)]
    [InlineData("*.example.com", "a.example.com.evil", false)]
    [InlineData("a*b*c", "aXbXbXc", true)]
    [InlineData("a*b*c", "aXbXb", false)]
    [InlineData("CN=x", "CN=X", false)]
    public void A_star_is_any_run_a_question_mark_one_character_and_the_whole_text_must_match(string pattern, string text, bool matches)
        => Assert.Equal(matches, Glob.Matches(pattern, text));

    [Fact]
    public void A_text_without_stars_and_question_marks_matches_itself_only() => Prop.ForAll<NonNull<string>, NonNull<string>>((text, other) =>
    {
        var plain = Plain(text.Get);
        return Glob.Matches(plain, plain) && Glob.Matches(plain, other.Get) == (plain == other.Get);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_star_may_stand_for_any_part() => Prop.ForAll<NonNull<string>, NonNull<string>, NonNull<string>>((before, within, after) =>
        Glob.Matches($"{Plain(before.Get)}*{Plain(after.Get)}", Plain(before.Get) + within.Get + Plain(after.Get))).QuickCheckThrowOnFailure();

    [Fact]
    public void Many_stars_over_a_long_text_end_soon()
        => Assert.False(Glob.Matches(string.Concat(Enumerable.Repeat("a*", 200)) + "b", new string('a', 4000)));

    private static string Plain(string text) => text.Replace('*', '.').Replace('?', '.');
}
