using System.Text;

namespace Kipuka.Tests.Config;

public sealed class CoreConfigTests
{
    [Fact]
    public void The_minimum_is_enough()
    {
        var config = Checked.Minimal("").IsFine();
        Assert.Equal("one", Assert.Single(config.Authorities).Id);
        Assert.Equal("/etc/test/kipuka.db", config.Db.Database!.File);
        Assert.Null(config.Admin);
        Assert.Null(config.Ha);
    }

    [Fact]
    public void Without_a_ca_there_is_nothing_to_serve() => Checked.Of("[tls.client_auth]").HasOnly("missing-key", "ca", "no [[ca]] table");

    [Fact]
    public void All_problems_are_found_at_once_and_in_the_order_of_the_file()
    {
        // The shape of these lines is what operators and editors read.
        var result = Checked.Minimal("""
            validity_day = 90
            max_validity_days = "398"
            [server]
            listen = "8443"
            shutdown_timeout = "30 s"
            [est]
            simplenroll = true
            retry_after = "2d"
            [[est.label]]
            name = "cacerts"
            ca_id = "onr"
            allowed_key_types = []
            subject_pattern = "^CN=(?=x)"
            [[est.label]]
            ca_id = "one"
            [db]
            url = "mongodb://user:hunter2@db/x"
            [adminn]
            auth = "mtls"
            """);
        Assert.Equal(
            """
            1:1: [ca[0]] validity_day: is not a key here; did you mean validity_days?
            2:21: [ca[0]] max_validity_days: is a string, but must be an integer; write it without quotes
            4:10: [server] listen: must be an address and a port, such as 0.0.0.0:8443 or [::]:8443
            5:20: [server] shutdown_timeout: must be a duration such as "30s", "15m", "1h30m" or "7d", or a number of seconds
            7:1: [est] simplenroll: is not a key here; did you mean simpleenroll?
            8:15: [est] retry_after: must be from 1s to 1d
            10:8: [est.label[0]] name: is the name of an EST operation; choose another
            11:9: [est.label[0]] ca_id: names no [[ca]]; did you mean one?
            12:21: [est.label[0]] allowed_key_types: is empty, which could mean all or none; list what is allowed, or remove the key to allow all key types
            13:19: [est.label[0]] subject_pattern: uses what takes unlimited time (lookaround, back references, atomic groups) or is too large; write it without
            14:1: [est.label[1]] name: is missing, and has no default
            17:7: [db] url: must begin with sqlite://, postgres://, postgresql://, mysql:// or mariadb://
            18:2: adminn: is not a key here; did you mean admin?
            """,
            string.Join('\n', result.Texts));
        Assert.Null(result.Config);
    }

    [Fact]
    public void A_syntax_error_is_the_only_problem()
    {
        var problem = Assert.Single(Checked.Of("[server\nlisten = 1").Problems);
        Assert.Equal(("syntax", 1, false), (problem.Code, problem.Line, problem.IsWarning));
    }

    [Fact]
    public void A_missing_file_is_named_with_what_to_do()
    {
        var problem = Assert.Single(Checked.File("/nonexistent/kipuka.toml").Problems);
        Assert.Equal("/nonexistent/kipuka.toml: does not exist; name another with --config, or make one with kipuka init",
            problem.Text);
    }

    [Fact]
    public void No_client_auth_table_is_only_a_warning()
    {
        var result = Checked.Of("[[ca]]\nid = \"one\"");
        result.IsFine();
        Assert.Equal(("no-client-auth", true), (Assert.Single(result.Problems).Code, result.Problems[0].IsWarning));
        Assert.Contains("warning: ", result.Problems[0].Text, StringComparison.Ordinal);
        Assert.Empty(Checked.Minimal("").Problems);
    }

    [Theory]
    [InlineData("[est]\nserverkeygen = true", "est.serverkeygen")]
    [InlineData("[est.serverkeygen]\nencryption = \"required\"", "est.serverkeygen")]
    public void Operations_that_sign_their_answers_need_a_certificate_and_key(string toml, string key)
        => Checked.Minimal(toml).HasOnly("missing-key", key, "pair of [tls]");

    [Fact]
    public void Operations_that_sign_their_answers_may_be_switched_off()
        => Checked.Minimal("[est]\nfullcmc = false\nserverkeygen = false").IsFine();

    [Theory]
    [InlineData("/x")]
    [InlineData("/.well-known/est")]
    [InlineData("/a.b/c~d")]
    public void Base_path_is_a_path(string path) => Checked.Minimal($"[est]\nbase_path = \"{path}\"").IsFine();

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("est")]
    [InlineData("/est/")]
    [InlineData("//est")]
    [InlineData("/a/../b")]
    [InlineData("/a%20b")]
    [InlineData("/a?b")]
    public void Base_path_is_nothing_else(string path)
        => Checked.Minimal($"[est]\nbase_path = \"{path}\"").HasOnly("bad-value", "est.base_path", "a slash before");

    [Fact]
    public void Csr_attributes_are_oids()
    {
        Checked.Minimal("[est]\ncsr_attributes = [\"2.5.4.3\", \"1.2.840.113549.1.9.7\"]").IsFine();
        Checked.Minimal("[est]\ncsr_attributes = [\"2.5.4.3\", \"serverAuth\"]")
            .HasOnly("bad-value", "est.csr_attributes[1]", "OID in dots");
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Encoding.ASCII.GetBytes(new string('#', (4 << 20) + 1)));
            Assert.Equal("bad-file", Assert.Single(Checked.File(path).Problems).Code);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
