using System.Net;
using Kipuka.Sdk;

namespace Kipuka.Tests.Config;

public sealed class BinderTests : IDisposable
{
    private readonly BinderFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public void Every_type_is_read()
    {
        var all = fixture.Bind("""
            text = "abc"
            choice = 64
            flag = true
            number = 16
            large = 9_000_000_000
            ratio = 3
            time = "1h30m"
            size = "1MB"
            listen = "[::1]:8443"
            place = "data/x"
            pin = "1234"
            mode = "required_for_reenroll"
            names = "one"
            numbers = [1, 2]
            mapping = { "user@EXAMPLE.COM" = "CN=User" }
            inner = { id = "i" }
            item = [{ id = "a", size = 1 }, { id = "b" }]
            """);
        Assert.Equal(("abc", "64", true, 16, 9_000_000_000, 3.0), (all.Text, all.Choice, all.Flag, all.Number, all.Large, all.Ratio));
        Assert.Equal((TimeSpan.FromMinutes(90), new ByteSize(1 << 20), IPEndPoint.Parse("[::1]:8443")), (all.Time, all.Size, all.Listen));
        Assert.Equal(Path.Combine(fixture.Folder, "data/x"), all.Place!.Value.FullPath);
        Assert.True(all.Pin!.Matches("1234"u8));
        Assert.Equal(Mode.RequiredForReenroll, all.Mode);
        Assert.Equal(["one"], all.Names);
        Assert.Equal([1, 2], all.Numbers);
        Assert.Equal("CN=User", all.Mapping["user@EXAMPLE.COM"]);
        Assert.Equal(("i", 7), (all.Inner.Id, all.Inner.Size));
        Assert.Equal([("a", 1), ("b", 7)], all.Items.Select(i => (i.Id, i.Size)));
    }

    [Fact]
    public void What_is_absent_keeps_its_default()
    {
        var all = fixture.Bind("");
        Assert.Equal((null, "auto", 20, "default", 1), (all.Text, all.Choice, all.Number, all.Inner.Id, all.Body));
        Assert.Null(all.Pin);
        Assert.Null(all.Anchors);
    }

    [Theory]
    [InlineData("text = true", "2:8 wrong-type t.text: is a boolean, but must be a string; write it in quotes")]
    [InlineData("text = 1.2", "2:8 wrong-type t.text: is a float, but must be a string; write it in quotes")]
    [InlineData("text = [\"a\"]", "2:8 wrong-type t.text: is an array, but must be a string")]
    [InlineData("text = \"a\"", "2:8 bad-value t.text: must be from 2 characters to 4 characters")]
    [InlineData("choice = \"atuo\"", "2:10 bad-value t.choice: must be one of auto, 0, 64; did you mean auto?")]
    [InlineData("choice = 76", "2:10 bad-value t.choice: must be one of auto, 0, 64")]
    [InlineData("flag = \"true\"", "2:8 wrong-type t.flag: is a string, but must be true or false; write it without quotes")]
    [InlineData("number = \"20\"", "2:10 wrong-type t.number: is a string, but must be an integer; write it without quotes")]
    [InlineData("number = 20.0", "2:10 wrong-type t.number: is a float, but must be an integer")]
    [InlineData("number = 15", "2:10 bad-value t.number: must be from 16 to 64")]
    [InlineData("numbers = [2147483648]", "2:12 bad-value t.numbers[0]: must be from -2147483648 to 2147483647")]
    [InlineData("numbers = 1", "2:11 wrong-type t.numbers: is an integer, but must be an array")]
    [InlineData("ratio = nan", "2:9 bad-value t.ratio: must be a finite number")]
    [InlineData("time = \"2d\"", "2:8 bad-value t.time: must be from 1s to 1d")]
    [InlineData("time = -1", "2:8 bad-value t.time: is not a number of seconds that time has")]
    [InlineData("time = 9223372036854775807", "2:8 bad-value t.time: is not a number of seconds that time has")]
    [InlineData("size = -1", "2:8 bad-value t.size: must not be negative")]
    [InlineData("size = \"2MB\"", "2:8 bad-value t.size: must be at most 1MB")]
    [InlineData("listen = 8443", "2:10 wrong-type t.listen: is an integer, but must be an address and port such as \"0.0.0.0:8443\"")]
    [InlineData("place = \"\"", "2:9 bad-value t.place: is empty; name a file")]
    [InlineData("mode = \"requird_for_reenroll\"", "2:8 bad-value t.mode: must be one of optional, required_for_reenroll; did you mean required_for_reenroll?")]
    [InlineData("mode = \"1\"", "2:8 bad-value t.mode: must be one of optional, required_for_reenroll")]
    [InlineData("names = [\"a\", \"b\", \"c\"]", "2:9 bad-value t.names: must be at most 2 entries")]
    [InlineData("names = [\"a\", true]", "2:15 wrong-type t.names[1]: is a boolean, but must be a string; write it in quotes")]
    [InlineData("mapping = { \"a b\" = true }", "2:21 wrong-type t.mapping.\"a b\": is a boolean, but must be a string; write it in quotes")]
    [InlineData("mapping = \"x\"", "2:11 wrong-type t.mapping: is a string, but must be a table")]
    [InlineData("inner = {}", "2:9 missing-key t.inner.id: is missing, and has no default")]
    [InlineData("inner = { id = \"x\", sise = 1 }", "2:21 unknown-key t.inner.sise: is not a key here; did you mean size?")]
    [InlineData("item = { id = \"x\" }", "2:8 wrong-type t.item: is a table, but must be an array of tables; write its header in double brackets")]
    [InlineData("[[t.item]]\nid = \"x\"\n[[t.item]]", "4:1 missing-key t.item[1].id: is missing, and has no default")]
    [InlineData("mod = \"optional\"", "2:1 unknown-key t.mod: is not a key here; did you mean mode?")]
    [InlineData("computed = 1", "2:1 unknown-key t.computed: is not a key here; the keys are ")]
    [InlineData("mode = \"optional\"\nmode_of_work = \"optional\"", "3:1 duplicate-key t.mode_of_work: means the same as t.mode in line 2; keep one of the two")]
    public void Each_mistake_is_named_with_its_place(string keys, string problem)
        => Assert.StartsWith(problem, fixture.Problem(keys), StringComparison.Ordinal);

    [Fact]
    public void A_variable_stands_for_its_value_anywhere_in_a_string()
    {
        var all = fixture.Bind(
            "text = \"a${X}d\"\nplace = '${DIR}/x'\nmapping = { a = '$${X} $ ${X}' }\nitem = [{ id = '${X}' }]",
            ("X", "bc"), ("DIR", "/srv"));
        Assert.Equal(("abcd", "/srv/x", "${X} $ bc", "bc"), (all.Text, all.Place!.Value.FullPath, all.Mapping["a"], all.Items[0].Id));
    }

    [Fact]
    public void A_value_of_a_variable_is_not_looked_through_again()
        => Assert.Equal("${Y}", fixture.Bind("text = '${X}'", ("X", "${Y}")).Text);

    [Theory]
    [InlineData("text = '${NAME}'", "2:8 missing-variable t.text: names the environment variable NAME, which is not set; set it before starting")]
    [InlineData("text = 'a${NAME'", "2:8 bad-value t.text: has a ${ that no name and } follow; write ${NAME}, or $${ for the characters themselves")]
    [InlineData("text = '${}'", "2:8 bad-value t.text: has a ${ that no name and } follow; write ${NAME}, or $${ for the characters themselves")]
    [InlineData("text = '${1A}'", "2:8 bad-value t.text: has a ${ that no name and } follow; write ${NAME}, or $${ for the characters themselves")]
    public void A_variable_that_is_not_there_is_a_problem(string keys, string problem) => Assert.Equal(problem, fixture.Problem(keys));

    [Theory]
    [InlineData("text")]
    [InlineData("choice")]
    [InlineData("number")]
    [InlineData("time")]
    [InlineData("size")]
    [InlineData("listen")]
    [InlineData("mode")]
    [InlineData("numbers")]
    [InlineData("inner")]
    public void A_value_in_the_wrong_place_is_never_repeated(string key)
    {
        Assert.DoesNotContain("hunter2", fixture.Problem($"{key} = \"hunter2-hunter2\""), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fixture.Problem($"{key} = \"${{V}}\"", ("V", "hunter2-hunter2")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_from_the_root_is_bound_and_claimed_there()
    {
        var (bound, problems) = fixture.Try("[t]\n[server]\nbody = 5\nbdy = 6", [], "t");
        Assert.Equal(5, ((Everything)bound!.Value).Body);
        Assert.Equal("server.bdy", Assert.Single(problems).Key);
        Assert.Equal("is not a key here; did you mean body?", problems[0].Message);
    }

    [Fact]
    public void A_path_from_the_root_may_have_another_spelling()
    {
        Assert.Equal(6, ((Everything)fixture.Try("[t]\n[legacy]\nbody = 6", [], "t").Bound!.Value).Body);
        var (_, problems) = fixture.Try("[t]\n[server]\nbody = 5\n[legacy]\nbody = 6", [], "t");
        Assert.Equal(("duplicate-key", "legacy.body"), (Assert.Single(problems).Code, problems[0].Key));
    }

    [Fact]
    public void A_sub_table_adds_to_its_table_but_does_not_repeat_it()
    {
        var (bound, _) = fixture.Try("[[ca]]\ntext = 'abc'\n[ca.sub]\nnumber = 30", [], "ca[0]", "ca[0].sub");
        Assert.Equal(("abc", 30), (((Everything)bound!.Value).Text, ((Everything)bound.Value).Number));
        var (_, problems) = fixture.Try("[[ca]]\nnumber = 20\n[ca.sub]\nnumber = 30", [], "ca[0]", "ca[0].sub");
        Assert.Equal(("duplicate-key", "ca[0].sub.number"), (Assert.Single(problems).Code, problems[0].Key));
    }

    [Fact]
    public void A_table_elsewhere_gives_defaults()
    {
        var (bound, problems) = fixture.Try("[[ca]]\nnumber = 20\n[hsm]\nnumber = 30\ntext = 'abc'", [], "ca[0]", "hsm");
        Assert.Empty(problems);
        Assert.Equal(("abc", 20), (((Everything)bound!.Value).Text, ((Everything)bound.Value).Number));
    }

    [Theory]
    [InlineData("", "a", "b")]
    [InlineData("second = 'c'", null, "c")]
    [InlineData("first = 'c'", "c", null)]
    [InlineData("first = 'c'\nsecond = 'd'", "c", "d")]
    public void Keys_of_a_group_replace_each_other(string own, string? first, string? second)
    {
        var (bound, problems) = fixture.Try($"[[ca]]\nflag = true\n{own}\n[hsm]\nfirst = 'a'\nsecond = 'b'\ntext = 'abc'", [], "ca[0]", "hsm");
        Assert.Empty(problems);
        var all = (Everything)bound!.Value;
        Assert.Equal((first, second, "abc"), (all.First, all.Second, all.Text));
    }

    [Fact]
    public void All_problems_are_reported_and_nothing_is_bound()
    {
        var (bound, problems) = fixture.Try("[t]\nnumber = 1\ntext = 1.0\nfoo = 1", [], "t");
        Assert.Null(bound);
        Assert.Equal(["bad-value", "wrong-type", "unknown-key"], problems.Select(p => p.Code));
    }

    [Fact]
    public void Unknown_tables_are_found_at_any_depth()
    {
        var (_, problems) = fixture.Try("[transport.coap]\n[transport.http]\nx = 1\n[other.thing]\ny = 1", [], "transport.coap");
        Assert.Equal(["transport.http", "other"], problems.Select(p => p.Key));
    }
}
