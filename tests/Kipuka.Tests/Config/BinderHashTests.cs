namespace Kipuka.Tests.Config;

public sealed class BinderHashTests : IDisposable
{
    private readonly BinderFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public void Equal_settings_have_equal_hashes_wherever_they_stand()
    {
        Assert.Equal(Hash("[[x]]\n[[x]]\nnumber = 20 # twenty\ntext = 'abc'", "x[1]"), Hash("[t]\ntext = 'abc'\nnumber = 20", "t"));
        Assert.Equal(Hash("[t]\ntime = '1m'", "t"), Hash("[t]\ntime = 60", "t"));
    }

    [Theory]
    [InlineData("text = 'abd'")]
    [InlineData("text = 'abc'\nnumber = 21")]
    [InlineData("text = 'abc'\npin = '1'")]
    [InlineData("text = 'abc'\nnames = []")]
    [InlineData("text = 'abc'\nnames = ['x']")]
    [InlineData("text = 'abc'\nnames = ['x', 'y']")]
    [InlineData("text = 'abc'\nnames = ['xy']")]
    [InlineData("text = 'abc'\nmapping = { x = 'y' }")]
    [InlineData("text = 'abc'\nmapping = { xy = '' }")]
    [InlineData("text = 'abc'\nitem = [{ id = 'x' }]")]
    public void Another_value_is_another_hash(string keys)
    {
        string[] others = ["text = 'abc'", "text = 'abc'\nnames = ['x', '']", "text = 'abc'\npin = '2'"];
        Assert.DoesNotContain(Hash("[t]\n" + keys, "t"), others.Select(o => Hash("[t]\n" + o, "t")));
    }

    [Fact]
    public void What_a_variable_or_a_file_holds_counts()
    {
        var before = Hash("[t]\ntext = '${X}'", "t", ("X", "aa"));
        Assert.NotEqual(before, Hash("[t]\ntext = '${X}'", "t", ("X", "ab")));
        Assert.Equal(before, Hash("[t]\ntext = 'aa'", "t"));

        fixture.Write("key.pem", "one");
        before = Hash("[t]\nkey_file = 'key.pem'", "t");
        Assert.Equal(before, Hash("[t]\nkey_file = './key.pem'", "t"));
        fixture.Write("key.pem", "two");
        Assert.NotEqual(before, Hash("[t]\nkey_file = 'key.pem'", "t"));
    }

    private string Hash(string toml, string table, params (string Name, string Value)[] environment)
    {
        var (bound, problems) = fixture.Try(toml, environment, table);
        Assert.DoesNotContain(problems, p => p.Code != "unknown-key");
        return Convert.ToHexString(bound!.Hash.Span);
    }
}
