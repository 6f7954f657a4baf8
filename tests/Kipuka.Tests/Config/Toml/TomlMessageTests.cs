using Kipuka.Config.Toml;

namespace Kipuka.Tests.Config.Toml;

public sealed class TomlMessageTests
{
    [Fact]
    public void A_duplicate_key_names_both_lines()
        => AssertMistake("\n\nlisten = 1\n\nlisten = 2", 5, 1, "the key 'listen' is already defined at line 3");

    [Theory]
    [InlineData("[a]\n[a]", 2, 2, "the key 'a' is already defined at line 1")]
    [InlineData("[a.b]\n[a]\n[a]", 3, 2, "the key 'a' is already defined at line 2")]
    [InlineData("a = 1\n[a.b]", 2, 2, "the key 'a' is already defined at line 1 as an integer, so it cannot hold keys")]
    [InlineData("a = 'x'\na.b = 1", 2, 1, "the key 'a' is already defined at line 1 as a string, so it cannot hold keys")]
    [InlineData("a = {}\na.b = 1", 2, 1, "the key 'a' is an inline table that is complete at line 1, so nothing can be added to it")]
    [InlineData("a = []\n[[a]]", 2, 3, "the key 'a' is an array that is complete at line 1, so a [[header]] cannot add to it")]
    [InlineData("[[a]]\n[a]", 2, 2, "the key 'a' is an array of tables since line 1, so its header needs double brackets")]
    [InlineData("[a]\n[[a]]", 2, 3, "the key 'a' is already defined at line 1 as a table, not as an array of tables")]
    [InlineData("[a]\nb.c = 1\n[a.b]", 3, 4, "the key 'a.b' is already defined at line 2 by a dotted key")]
    [InlineData("[a.b]\n[a]\nb.c = 1", 3, 1, "the key 'b' has its header at line 1, so a dotted key elsewhere cannot add to it")]
    public void A_conflict_names_what_is_there_already(string document, int line, int column, string message)
        => AssertMistake(document, line, column, message);

    [Theory]
    [InlineData("a 1", 1, 3, "expected '=' after the key 'a' but found '1'")]
    [InlineData("a = 1 b", 1, 7, "expected the end of the line after the value but found 'b'")]
    [InlineData("[a] b", 1, 5, "expected the end of the line after the header but found 'b'")]
    [InlineData("[a\n", 1, 3, "expected ']' after the name of the table 'a' but found the end of the line")]
    [InlineData("a. = 1", 1, 4, "expected a key after the dot but found '='")]
    [InlineData("é = 1", 1, 1, "expected a key but found 'é'; a key with other characters than A-Z a-z 0-9 _ - needs quotes")]
    [InlineData("a =", 1, 4, "expected a value but found the end of the file")]
    [InlineData("a = [1\nb = 2", 2, 1, "expected ',' or ']' in the array that starts at line 1 but found 'b'")]
    [InlineData("a = {b = 1\n}", 1, 11, "expected ',' or '}' in the inline table but found the end of the line")]
    [InlineData("a = 'x\n'", 1, 5, "the string is not closed on its line")]
    [InlineData("a = '''x\n''", 1, 5, "the multi-line string is not closed by '''")]
    [InlineData("a = \"C:\\temp\\x\"", 1, 13, "a backslash followed by 'x' is no escape; write \\\\ for a backslash or use single quotes")]
    [InlineData("a = \"\\uD800\"", 1, 6, "U+D800 is not a Unicode character")]
    [InlineData("a = \"\\u12G4\"", 1, 10, "expected 4 hexadecimal digits in the escape but found 'G'")]
    [InlineData("a = \"\\u12 4\"", 1, 10, "expected 4 hexadecimal digits in the escape but found a space")]
    [InlineData("a = 'x''", 1, 8, "expected the end of the line after the value but found a single quote")]
    [InlineData("a = 'x'\"", 1, 8, "expected the end of the line after the value but found a double quote")]
    [InlineData("a = '\a'", 1, 6, "a string cannot hold the character U+0007 as it is")]
    [InlineData("# \r", 1, 3, "a comment cannot hold the character U+000D")]
    public void A_mistake_in_the_grammar_names_what_was_found_and_expected(string document, int line, int column, string message)
        => AssertMistake(document, line, column, message);

    [Theory]
    [InlineData("secret", "expected a value but found 's'; a string must be in quotes")]
    [InlineData("True", "true and false are written in lower case")]
    [InlineData("127.0.0.1:8443", "this is not a number; a string must be in quotes")]
    [InlineData("30s", "this is not a number; a string must be in quotes")]
    [InlineData("1__0", "an underscore in a number must stand between two digits")]
    [InlineData("007", "a number cannot start with a zero that other digits follow")]
    [InlineData("1.", "a decimal point must stand between two digits")]
    [InlineData("9223372036854775808", "the number does not fit in 64 bits")]
    [InlineData("-9223372036854775809", "the number does not fit in 64 bits")]
    [InlineData("0x8000000000000000", "the number does not fit in 64 bits")]
    [InlineData("1e999", "the number does not fit in 64 bits")]
    public void A_mistake_in_a_bare_value_tells_how_to_write_it(string value, string message)
        => AssertMistake("a = " + value, 1, 5, message);

    [Theory]
    [InlineData("2026-02-30")]
    [InlineData("2026-1-31")]
    [InlineData("0000-01-01")]
    [InlineData("24:00:00")]
    [InlineData("8:30:00")]
    [InlineData("2016-12-31T23:59:60Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("2026-01-31 08:30")]
    public void A_bad_date_or_time_is_called_one(string value)
        => Assert.StartsWith("this is not a valid date or time;", Mistake("a = " + value).Message, StringComparison.Ordinal);

    [Fact]
    public void A_key_cannot_disturb_the_terminal_that_shows_it()
        => AssertMistake("\"\\u001b[2J\\n\" = 1\n\"\\u001b[2J\\n\" = 2", 2, 1, "the key 'U+001B[2JU+000A' is already defined at line 1");

    [Fact]
    public void A_long_key_is_cut()
    {
        var key = new string('k', 1000);

        Assert.InRange(Mistake($"{key} = 1\n{key} = 2").Message.Length, 80, 130);
    }

    [Fact]
    public void A_value_never_shows_its_content() // a password must not reach a log through an interpolated value
        => Assert.Equal("string at 1:5", TomlReader.Read("a = 'hunter2'", "test.toml").Find("a")!.ToString());

    private static TomlException Mistake(string document) => Assert.Throws<TomlException>(() => TomlReader.Read(document, "test.toml"));

    private static void AssertMistake(string document, int line, int column, string message)
    {
        var mistake = Mistake(document);

        Assert.Equal(("test.toml", line, column, message), (mistake.File, mistake.Line, mistake.Column, mistake.Message));
    }
}
