using System.Text;
using System.Text.Json;
using Kipuka.Config.Toml;

namespace Kipuka.Tests.Config.Toml;

public sealed class TomlSuiteTests
{
    public static TheoryData<string> ValidDocuments => TomlSuite.Documents("valid");

    public static TheoryData<string> InvalidDocuments => TomlSuite.Documents("invalid");

    [Theory]
    [MemberData(nameof(ValidDocuments))]
    public void A_valid_document_has_the_values_that_toml_test_expects(string name)
    {
        using var expected = JsonDocument.Parse(TomlSuite.Read(Path.ChangeExtension(name, ".json")));

        TaggedJson.AssertEqual(expected.RootElement, TomlReader.Read(TomlSuite.Read(name), name), "");
    }

    [Theory]
    [MemberData(nameof(InvalidDocuments))]
    public void An_invalid_document_is_refused_at_a_place_inside_it(string name)
    {
        var document = TomlSuite.Read(name);

        var mistake = Assert.Throws<TomlException>(() => TomlReader.Read(document, name));

        var lines = Encoding.UTF8.GetString(document).Split('\n');
        Assert.Equal(name, mistake.File);
        Assert.InRange(mistake.Line, 1, lines.Length);
        Assert.InRange(mistake.Column, 1, lines[mistake.Line - 1].EnumerateRunes().Count() + 1);
    }

    [Fact]
    public void The_suite_is_all_here() => Assert.Equal((210, 499), (ValidDocuments.Count, InvalidDocuments.Count));
}
