using Kipuka.Config.Toml;

namespace Kipuka.Tests.Config.Toml;

public sealed class TomlTableTests
{
    private static readonly TomlPosition Elsewhere = new(9, 9);

    [Fact]
    public void Entries_are_in_the_order_of_the_document()
        => Assert.Equal(["z", "a", "m"], Keys(Read("z = 1\na.b = 2\nm = 3\na.c = 4")));

    [Fact]
    public void Keys_differ_by_case()
        => Assert.Null(Read("Listen = 1").Find("listen"));

    [Fact]
    public void A_replaced_entry_keeps_its_place()
    {
        var table = Read("a = 1\nb = 2");

        table.Set("a", Elsewhere, new TomlBoolean(true, Elsewhere));

        Assert.Equal(["a", "b"], Keys(table));
        Assert.Equal(new TomlEntry("a", Elsewhere, new TomlBoolean(true, Elsewhere)), table.Entries[0]);
    }

    [Fact]
    public void A_removed_entry_is_gone()
    {
        var table = Read("a = 1\nb = 2");

        Assert.True(table.Remove("a"));
        Assert.False(table.Remove("a"));
        Assert.False(table.TryGet("a", out _));
        Assert.Equal(["b"], Keys(table));
    }

    [Fact]
    public void A_copy_does_not_share_its_entries()
    {
        var table = Read("a = 1");
        var copy = table with { Position = Elsewhere };

        copy.Remove("a");

        Assert.Equal(["a"], Keys(table));
    }

    [Theory]
    [InlineData("''", "string")]
    [InlineData("1", "integer")]
    [InlineData("1.0", "float")]
    [InlineData("true", "boolean")]
    [InlineData("2026-01-31T08:30:00Z", "offset date-time")]
    [InlineData("2026-01-31T08:30:00", "local date-time")]
    [InlineData("2026-01-31", "local date")]
    [InlineData("08:30:00", "local time")]
    [InlineData("[]", "array")]
    [InlineData("{}", "table")]
    public void A_type_has_the_name_of_the_specification(string value, string name)
        => Assert.Equal(name, Read("a = " + value).Find("a")!.TypeName);

    private static IEnumerable<string> Keys(TomlTable table) => table.Entries.Select(e => e.Key);

    private static TomlTable Read(string document) => TomlReader.Read(document, "test.toml");
}
