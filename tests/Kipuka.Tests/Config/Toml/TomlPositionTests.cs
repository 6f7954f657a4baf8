using System.Text;
using Kipuka.Config.Toml;

namespace Kipuka.Tests.Config.Toml;

public sealed class TomlPositionTests
{
    [Fact]
    public void A_value_and_its_key_start_where_they_are_written()
    {
        var entry = Assert.Single(Read("# first\n\n  listen   =  'x'\n").Entries);

        Assert.Equal((new TomlPosition(3, 3), new TomlPosition(3, 15)), (entry.KeyPosition, entry.Value.Position));
    }

    [Theory]
    [InlineData("'é' = 1", 7)]
    [InlineData("'😀' = 1", 7)]
    [InlineData("'e\u0301' = 1", 8)]
    public void A_column_counts_code_points(string document, int column)
        => Assert.Equal(new TomlPosition(1, column), Read(document).Entries[0].Value.Position);

    [Theory]
    [InlineData("\n\n")]
    [InlineData("\r\n\r\n")]
    [InlineData("# comment\r\n\n")]
    public void Both_line_ends_make_one_line(string before)
        => Assert.Equal(new TomlPosition(3, 5), Read(before + "a = 1").Find("a")!.Position);

    [Fact]
    public void Lines_within_strings_and_arrays_are_counted()
    {
        var document = Read("a = \"\"\"\nx\r\n\\\n  y\"\"\"\nb = [\n 1, # one\n\n  2]\nc = 3");

        Assert.Equal(new TomlPosition(8, 3), Assert.IsType<TomlArray>(document.Find("b")).Items[1].Position);
        Assert.Equal(new TomlPosition(9, 5), document.Find("c")!.Position);
    }

    [Fact]
    public void A_byte_order_mark_has_no_column()
    {
        byte[] document = [.. Encoding.UTF8.Preamble, .. "a = 1"u8];

        Assert.Equal(new TomlPosition(1, 1), TomlReader.Read(document, "test.toml").Entries[0].KeyPosition);
    }

    [Fact]
    public void A_table_starts_at_its_header()
    {
        var root = Read("[tls]\n[[ca]]\n  [[ca]]\n[a.b]\nx = {}\n");
        var elements = Assert.IsType<TomlArray>(root.Find("ca"));
        var implied = Assert.IsType<TomlTable>(root.Find("a"));
        var explicitly = Assert.IsType<TomlTable>(implied.Find("b"));

        Assert.Equal(new TomlPosition(1, 1), root.Position);
        Assert.Equal(new TomlPosition(1, 1), root.Find("tls")!.Position);
        Assert.Equal(new TomlPosition(1, 2), root.Entries[0].KeyPosition);
        Assert.Equal([new TomlPosition(2, 1), new TomlPosition(3, 3)], elements.Items.Select(i => i.Position));
        Assert.Equal((new TomlPosition(4, 2), new TomlPosition(4, 1)), (implied.Position, explicitly.Position));
        Assert.Equal(new TomlPosition(5, 5), explicitly.Find("x")!.Position);
    }

    [Fact]
    public void A_table_that_a_longer_header_implied_moves_to_its_own_header()
    {
        var root = Read("[ca.hsm]\nslot = 1\n\n[ca]\nname = 'x'\n");
        var ca = Assert.IsType<TomlTable>(root.Find("ca"));

        Assert.Equal(new TomlPosition(4, 1), ca.Position);
        Assert.Equal(new TomlPosition(4, 2), Assert.Single(root.Entries).KeyPosition);
        Assert.Equal(["hsm", "name"], ca.Entries.Select(e => e.Key));
    }

    private static TomlTable Read(string document) => TomlReader.Read(document, "test.toml");
}
