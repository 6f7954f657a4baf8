using System.Text;
using Kipuka.Config.Toml;

namespace Kipuka.Tests.Config.Toml;

public sealed class TomlEncodingTests
{
    [Fact]
    public void A_byte_that_is_not_utf8_is_named_at_its_place()
    {
        byte[] document = [.. "a = 1\né = '"u8, 0xC3, .. "'"u8];

        AssertMistake(document, 2, 6, "the byte 0xC3 is not valid UTF-8 here");
    }

    [Fact]
    public void A_character_that_the_end_cuts_short_is_not_utf8()
        => AssertMistake([.. Encoding.UTF8.Preamble, .. "# "u8, 0xE2, 0x82], 1, 3, "the byte 0xE2 is not valid UTF-8 here");

    [Fact]
    public void Utf16_is_named()
        => AssertMistake([0xFF, 0xFE, (byte)'a', 0], 1, 1, "the file is written in UTF-16, but TOML is always UTF-8");

    [Fact]
    public void Only_one_byte_order_mark_is_skipped()
        => AssertMistake([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.Preamble], 1, 1, "expected a key but found the character U+FEFF; "
            + "a key with other characters than A-Z a-z 0-9 _ - needs quotes");

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        var mistake = Assert.Throws<TomlException>(() => TomlReader.Read("a = 1\nb = '\uD83D'", "test.toml"));

        Assert.Equal((2, 6, "U+D83D is half a surrogate pair, not a character"), (mistake.Line, mistake.Column, mistake.Message));
    }

    private static void AssertMistake(byte[] document, int line, int column, string message)
    {
        var mistake = Assert.Throws<TomlException>(() => TomlReader.Read(document, "test.toml"));

        Assert.Equal((line, column, message), (mistake.Line, mistake.Column, mistake.Message));
    }
}
