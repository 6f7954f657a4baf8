using System.Text;
using Kipuka.Config;
using Kipuka.Config.Toml;

namespace Kipuka.Tests.Config;

public sealed class AliasesTests
{
    [Theory]
    [InlineData("[server]\ntls_cert = 'v'", "tls.cert")]
    [InlineData("[server]\ntls_key = 'v'", "tls.key")]
    [InlineData("[tls.client_auth]\nclient_ca = 'v'", "tls.client_auth.trust_anchors")]
    [InlineData("[admin]\nlisten = 'v'", "server.admin_listen")]
    [InlineData("[admin]\nclient_ca = 'v'", "admin.trust_anchors")]
    [InlineData("[admin.tls]\ncert = 'v'", "admin.cert")]
    [InlineData("[admin.tls]\nkey = 'v'", "admin.key")]
    [InlineData("[admin.tls]\nclient_ca = 'v'", "admin.trust_anchors")]
    [InlineData("[admin.tls]\ntrust_anchors = 'v'", "admin.trust_anchors")]
    [InlineData("[admin.tls]\nmode = 'v'", "admin.mode")]
    [InlineData("[admin.client_auth]\nmode = 'v'", "admin.mode")]
    [InlineData("[admin.client_auth]\ntrust_anchors = 'v'", "admin.trust_anchors")]
    [InlineData("[admin]\nbearer_token = 'v'", "admin.bearer_token")]
    [InlineData("[admin.bearer_token]\ntokens = 'v'", "admin.tokens")]
    [InlineData("[[ca]]\n[[ca]]\nbackend = 'v'", "ca[1].type")]
    [InlineData("[[ca]]\ndefault_validity_days = 'v'", "ca[0].validity_days")]
    [InlineData("[[ca]]\nkey_usage = 'v'", "ca[0].default_key_usage")]
    [InlineData("[[est.label]]\ndogtag_profile = 'v'", "est.label[0].profile")]
    [InlineData("[[est.label]]\nclient_ca = 'v'", "est.label[0].trust_anchors")]
    [InlineData("[[ha.group]]\nload_balancing = 'v'", "ha.group[0].strategy")]
    public void Each_spelling_leads_to_the_canonical_key(string toml, string canonical)
    {
        var (document, problems) = Parse(toml);
        Assert.Equal("v", ((TomlString)document.Value(canonical)!).Value);
        Assert.Empty(problems);
    }

    [Fact]
    public void Both_spellings_are_one_too_many()
    {
        var (document, problems) = Parse("[tls]\ncert = 'a'\n[server]\ntls_cert = 'b'");
        Assert.Equal("f:4:1: [server] tls_cert: means the same as tls.cert in line 2; keep one of the two", Assert.Single(problems).Text);
        Assert.Equal("a", ((TomlString)document.Value("tls.cert")!).Value);
    }

    [Fact]
    public void Two_other_spellings_are_one_too_many()
        => Assert.Equal(
            "f:4:1: [admin.client_auth] mode: means the same as admin.tls.mode in line 2; keep one of the two",
            Assert.Single(Parse("[admin.tls]\nmode = 'a'\n[admin.client_auth]\nmode = 'b'").Problems).Text);

    [Fact]
    public void A_message_speaks_of_what_was_written_and_where()
    {
        var (document, _) = Parse("[admin.tls]\n\nclient_ca = 'x'");
        var (position, path) = document.Locate("admin.trust_anchors");
        Assert.Equal((3, "admin.tls.client_ca"), (position.Line, path));
    }

    [Fact]
    public void The_table_that_an_alias_stood_in_still_stands()
        => Assert.NotNull(Parse("[admin.tls]\nmode = 'none'").Document.Table("admin"));

    [Fact]
    public void What_is_left_in_a_table_of_spellings_is_unknown()
    {
        Assert.Equal("f:2:1: [admin.tls] client_cs: is not a key here; did you mean client_ca?",
            Assert.Single(Parse("[admin.tls]\nclient_cs = 'x'").Problems).Text);
        Assert.Equal("f:2:1: [admin.bearer_token] token: is not a key here; did you mean tokens?",
            Assert.Single(Parse("[admin.bearer_token]\ntoken = 'x'").Problems).Text);
    }

    [Fact]
    public void Enabled_is_true_or_false()
        => Assert.Equal("wrong-type", Assert.Single(Parse("[admin.bearer_token]\nenabled = 'yes'").Problems).Code);

    private static (ConfigDocument Document, IReadOnlyList<ConfigProblem> Problems) Parse(string toml)
    {
        var problems = new ConfigProblems();
        return (ConfigDocument.Parse(Encoding.UTF8.GetBytes(toml), "f", problems)!, problems.All);
    }
}
