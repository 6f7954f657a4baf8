using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Config.Toml;

namespace Kipuka.Tests.Config.Toml;

public sealed class TomlPropertyTests
{
    // The pieces that steer the reader into its corners; random bytes alone rarely get past the first line.
    private static readonly string[] Pieces =
    [
        "[", "]", "[[", "]]", "{", "}", ",", ".", "=", " ", "\t", "\n", "\r\n", "\r", "#", "a", "b", "a.b", "\"", "\"\"\"", "'", "'''",
        "\\", "\\u00e9", "\\U0010FFFF", "\\n", "0", "1", "-", "+", "_", "0x", "0b1", "e", "inf", "nan", "true", "false", ":", "T", "Z",
        "1979-05-27", "07:32:00", ".999999999", "+13:00", "a = ", "\n[a]\n", "\n[[b]]\n", "é", "😀", "\uFEFF", "\0", "\u007f",
    ];

    [Fact]
    public void Any_text_round_trips_through_a_basic_string()
        => Check(AnyText, text => RoundTrips(text, escapeAll: false) && RoundTrips(text, escapeAll: true));

    [Fact]
    public void Any_text_round_trips_through_a_quoted_key()
        => Check(AnyText, text => TomlReader.Read(BasicString(text, escapeAll: false) + " = 1", "test.toml").Find(text) is TomlInteger);

    [Fact]
    public void Any_integer_round_trips()
        => Check(
            ArbMap.Default.GeneratorFor<long>(),
            number => Read(number.ToString(CultureInfo.InvariantCulture)) is TomlInteger { Value: var read } && read == number);

    [Fact]
    public void Any_finite_float_round_trips()
        => Check(
            ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite),
            number => Read(number.ToString("E17", CultureInfo.InvariantCulture)) is TomlFloat { Value: var read } && read.Equals(number));

    [Fact]
    public void Any_bytes_are_read_or_refused_with_a_position()
        => Check(ArbMap.Default.GeneratorFor<byte[]>(), IsReadOrRefused);

    [Fact]
    public void Any_pieces_of_toml_are_read_or_refused_with_a_position()
        => Check(Gen.Elements(Pieces).ListOf().Select(pieces => Encoding.UTF8.GetBytes(string.Concat(pieces))), IsReadOrRefused);

    [Fact]
    public void Any_change_of_a_byte_in_a_valid_document_is_read_or_refused_with_a_position()
    {
        var documents = TomlSuite.Names("valid").Select(TomlSuite.Read).Where(d => d.Length > 0).ToArray();

        Check(
            from document in Gen.Elements(documents)
            from index in Gen.Choose(0, document.Length - 1)
            from value in Gen.Choose(0, 255)
            select (byte[])[.. document[..index], (byte)value, .. document[(index + 1)..]],
            IsReadOrRefused);
    }

    private static Gen<string> AnyText => Gen.OneOf(
        Gen.Choose(0, 0x7F), Gen.Choose(0, 0xD7FF), Gen.Choose(0xE000, 0xFFFF), Gen.Choose(0x10000, 0x10FFFF))
        .ListOf().Select(codes => string.Concat(codes.Select(code => new Rune(code).ToString())));

    private static void Check<T>(Gen<T> values, Func<T, bool> holds)
        => Prop.ForAll(values.ToArbitrary(), holds).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static bool IsReadOrRefused(byte[] document)
    {
        try
        {
            TomlReader.Read(document, "test.toml");
            return true;
        }
        catch (TomlException mistake)
        {
            return mistake is { Line: >= 1, Column: >= 1, Message.Length: > 0 };
        }
    }

    private static string BasicString(string text, bool escapeAll)
    {
        var literal = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            literal.Append(escapeAll || Rune.IsControl(rune) ? $"\\U{rune.Value:X8}" : rune.Value is '"' or '\\' ? $"\\{rune}" : $"{rune}");
        }
        return literal.Append('"').ToString();
    }

    private static bool RoundTrips(string text, bool escapeAll)
        => Read(BasicString(text, escapeAll)) is TomlString { Value: var read } && read == text;

    private static TomlValue? Read(string value) => TomlReader.Read("a = " + value, "test.toml").Find("a");
}
