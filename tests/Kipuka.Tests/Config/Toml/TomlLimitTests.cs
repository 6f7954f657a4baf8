using System.Text;
using Kipuka.Config.Toml;

namespace Kipuka.Tests.Config.Toml;

public sealed class TomlLimitTests
{
    private const int MaxBytes = 4 * 1024 * 1024;

    // Linear reading takes well under a second; what is quadratic in four million bytes takes many minutes.
    private static readonly TimeSpan FarBeyondLinear = TimeSpan.FromSeconds(30);

    public static TheoryData<string, string, string, string> HostileDocuments => new()
    {
        { "one long line of values", "a = [", "1,", "]" },
        { "one long line of tables", "a = [", "{},", "]" },
        { "one long string", "a = \"", "x", "\"" },
        { "escapes", "a = \"", "\\n", "\"" },
        { "quotes in a multi-line string", "a = \"\"\"", "\"\"x", "\"\"\"" },
        { "line ends that are escaped", "a = \"\"\"", "\\\n", "\"\"\"" },
        { "escaped line ends after blanks", "a = \"\"\"", "\\   \n  ", "\"\"\"" },
        { "digits of a float", "a = 0.", "1", "" },
        { "digits of a fraction of a second", "a = 08:30:00.", "1", "" },
        { "underscores between digits", "a = 1.0", "_0", "" },
        { "blanks", "a = 1", " ", "" },
        { "comments", "", "#\n", "" },
        { "elements of an array of tables", "", "[[a]]\n", "" },
        { "deep headers", "", $"[[{string.Join('.', Enumerable.Repeat("a", 50))}]]\n", "" },
    };

    public static TheoryData<string, string, string, string> HostileMistakes => new()
    {
        { "a key of dots", "", "a.", "a = 1" },
        { "an integer without an end", "a = ", "9", "" },
        { "open brackets", "a = ", "[", "" },
        { "open braces", "a = ", "{a=", "" },
        { "backslashes before blanks", "a = \"\"\"\\", " ", "\"\"\"" },
        { "a string without an end", "a = \"\"\"", "\"\"x", "" },
    };

    [Theory]
    [MemberData(nameof(HostileDocuments))]
    public async Task Reading_takes_time_in_proportion_to_the_size(string what, string head, string unit, string tail)
        => Assert.NotEmpty((await Task.Run(() => ReadOrThrow(what, head, unit, tail)).WaitAsync(FarBeyondLinear)).TypeName);

    [Theory]
    [MemberData(nameof(HostileMistakes))]
    public async Task A_mistake_in_a_large_document_is_found_as_fast(string what, string head, string unit, string tail)
        => await Assert.ThrowsAsync<TomlException>(() => Task.Run(() => ReadOrThrow(what, head, unit, tail)).WaitAsync(FarBeyondLinear));

    [Fact]
    public async Task A_bad_byte_at_the_end_of_a_large_document_is_found_as_fast()
    {
        var document = Encoding.UTF8.GetBytes(new string('\n', MaxBytes));
        document[^1] = 0xFF;

        var mistake = await Assert.ThrowsAsync<TomlException>(
            () => Task.Run(() => TomlReader.Read(document, "test.toml")).WaitAsync(FarBeyondLinear));

        Assert.Equal((MaxBytes, 1), (mistake.Line, mistake.Column));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_document_may_have_four_mebibytes(int excess)
    {
        var document = Encoding.UTF8.GetBytes("#" + new string('x', MaxBytes - 1 + excess));

        var mistake = Record.Exception(() => TomlReader.Read(document, "test.toml"));

        Assert.Equal(excess > 0 ? "the document has 4194305 bytes, but at most 4194304 are allowed" : null, mistake?.Message);
    }

    [Fact]
    public void Text_is_measured_in_bytes_too()
        => Assert.Throws<TomlException>(() => TomlReader.Read("#" + new string('é', MaxBytes / 2), "test.toml"));

    [Theory]
    [InlineData("a = {0}{1}", "[", "]")]
    [InlineData("a = [{0}1{1}]", "[", "]", 99)]
    [InlineData("a = {0}1{1}", "{a = ", "}")]
    [InlineData("[{0}a]", "a.", "", 99)]
    [InlineData("[[{0}a]]", "a.", "", 98)]
    [InlineData("{0}a = 1", "a.", "")]
    [InlineData("[[a]]\n[a.{0}a]", "a.", "", 97)]
    [InlineData("[a.b]\n{0}a = {{}}", "a.", "", 97)]
    [InlineData("a = {{{0}a = []}}", "a.", "", 98)]
    public void A_value_may_lie_a_hundred_levels_deep(string document, string open, string close, int most = 100)
    {
        TomlReader.Read(Nested(most), "test.toml");
        var mistake = Assert.Throws<TomlException>(() => TomlReader.Read(Nested(most + 1), "test.toml"));

        Assert.Equal("tables and arrays are nested deeper than 100 levels", mistake.Message);

        string Nested(int count) => string.Format(null, document, Repeat(open, count), Repeat(close, count));
    }

    private static string Repeat(string unit, int count) => string.Concat(Enumerable.Repeat(unit, count));

    private static TomlTable ReadOrThrow(string what, string head, string unit, string tail)
    {
        var count = (MaxBytes - Encoding.UTF8.GetByteCount(head + tail)) / Encoding.UTF8.GetByteCount(unit);
        return TomlReader.Read(new StringBuilder(head).Insert(head.Length, unit, count).Append(tail).ToString(), what);
    }
}
