using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Plugins.AuthOtp;

namespace Kipuka.Plugins.Tests.AuthOtp;

/// <summary>Ruling 47: a short random public selector, then token_length characters of the 62-letter alphabet.</summary>
public sealed class TokenTextTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(20)]
    [InlineData(64)]
    public async Task A_token_is_its_selector_and_token_length_characters(int length)
    {
        await using var otp = await Otp.StartAsync(Otp.Settings with { TokenLength = length });
        var (id, text) = await otp.CreateAsync();
        Assert.Equal(12 + length, text.Length);
        Assert.Equal(TokenText.Selector(Guid.Parse(id)), text[..12]);
        Assert.All(text, character => Assert.True(char.IsAsciiLetterOrDigit(character)));
    }

    [Fact]
    public void Every_character_of_the_secret_is_equally_likely()
    {
        var sample = new byte[620_000];
        TokenText.FillSecret(sample);
        var counts = sample.GroupBy(character => character).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(62, counts.Count);

        // 10 000 expected, standard deviation 99: ten of them never happen; modulo bias over 256 would give 24 % more to some.
        Assert.All(counts.Values, count => Assert.InRange(count, 9_000, 11_000));
    }

    [Fact]
    public void Ids_are_version_4_and_selectors_do_not_repeat()
    {
        var ids = Enumerable.Range(0, 10_000).Select(_ => TokenText.NewId()).ToList();
        Assert.All(ids, id => Assert.Equal((4, true), (id.Version, id.Variant is >= 8 and <= 11)));
        Assert.Equal(ids.Count, ids.Select(TokenText.Selector).Distinct().Count());
    }

    [Theory]
    [InlineData(27, false)]
    [InlineData(28, true)]
    [InlineData(76, true)]
    [InlineData(77, false)]
    public void Only_lengths_that_a_token_can_have_are_looked_up(int length, bool split)
        => Assert.Equal(split, TokenText.TrySplit(Encoding.ASCII.GetBytes(new string('a', length)), out _, out _));

    [Fact]
    public void Only_a_selector_and_letters_and_digits_are_split()
        => Prop.ForAll<NonEmptyString, byte>((text, position) =>
        {
            var good = Encoding.ASCII.GetBytes("abcdefghijkl0123456789abcdefABCDEF");
            var odd = (char)text.Get[0];
            good[position % good.Length] = (byte)odd;
            var expected = position % good.Length < 12
                ? (byte)odd is >= (byte)'a' and <= (byte)'z' or >= (byte)'2' and <= (byte)'7'
                : char.IsAsciiLetterOrDigit((char)(byte)odd);
            return TokenText.TrySplit(good, out _, out _) == expected;
        }).QuickCheckThrowOnFailure();
}
