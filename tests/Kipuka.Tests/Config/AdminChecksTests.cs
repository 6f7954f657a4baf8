namespace Kipuka.Tests.Config;

public sealed class AdminChecksTests : IDisposable
{
    private readonly string anchors = Path.GetTempFileName();

    private string Anchors => $"trust_anchors = \"{anchors}\"\n";

    private const string Token = "0123456789abcdef";

    private static readonly string Hash = "sha256:" + new string('a', 64);

    public void Dispose() => File.Delete(anchors);

    [Theory]
    [InlineData("", "mtls")]
    [InlineData("mode = \"required\"", "mtls")]
    [InlineData("auth = \"mtls\"", "mtls")]
    [InlineData("bearer_token = \"0123456789abcdef\"", "both")]
    [InlineData("bearer_token = \"0123456789abcdef\"\nmode = \"required\"", "both")]
    [InlineData("bearer_token = \"0123456789abcdef\"\nmode = \"none\"", "bearer")]
    public void What_is_configured_decides(string toml, string auth)
        => Assert.Equal(auth, Checked.Minimal("[admin]\n" + Anchors + toml).IsFine().Admin!.Auth);

    [Theory]
    [InlineData("bearer_token = \"${ADMIN}\"")]
    [InlineData("bearer_token_env = \"ADMIN\"")]
    public void A_token_comes_from_the_environment(string toml)
    {
        var admin = Checked.Minimal("[admin]\n" + toml, ("ADMIN", Token)).IsFine().Admin!;
        Assert.Equal("bearer", admin.Auth);
        Assert.True(admin.BearerToken!.Matches("0123456789abcdef"u8));
    }

    [Fact]
    public void Nobody_is_not_an_answer()
    {
        Checked.Minimal("[admin]").HasOnly("missing-key", "admin.auth", "who may administer");
        Checked.Minimal("[admin]\nenabled = false").IsFine();
    }

    [Theory]
    [InlineData("auth = \"mtls\"", "missing-key", "admin.trust_anchors")]
    [InlineData("auth = \"bearer\"", "missing-key", "admin.bearer_token_env")]
    [InlineData("bearer_token = \"0123456789abcdef\"\nauth = \"both\"", "missing-key", "admin.trust_anchors")]
    [InlineData("bearer_token = \"0123456789abcdef\"\nmode = \"required\"", "missing-key", "admin.trust_anchors")]
    [InlineData("bearer_token = \"0123456789abcdef\"\nauth = \"bearer\"\nmode = \"required\"", "bad-value", "admin.mode")]
    [InlineData("auth = \"mtls\"\nmode = \"none\"", "bad-value", "admin.mode")]
    [InlineData("auth = \"mtl\"", "bad-value", "admin.auth")]
    public void What_cannot_work_is_refused(string toml, string code, string key)
    {
        var error = Checked.Minimal("[admin]\n" + toml).Errors.First();
        Assert.Equal((code, key), (error.Code, error.Key));
    }

    [Fact]
    public void Short_tokens_are_refused_and_never_shown()
    {
        var result = Checked.Minimal("[admin]\nbearer_token = \"hunter2\"");
        result.HasOnly("bad-value", "admin.bearer_token", "fewer than 16");
        Checked.Minimal("[admin]\nbearer_token_env = \"ADMIN\"", ("ADMIN", "hunter2"))
            .HasOnly("bad-value", "admin.bearer_token_env", "fewer than 16");
        Assert.DoesNotContain("hunter2", string.Concat(result.Texts), StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_fit_into_a_header()
        => Checked.Minimal("[admin]\nbearer_token_env = \"ADMIN\"", ("ADMIN", Token + "\n"))
            .HasOnly("bad-value", "admin.bearer_token_env", "line ends");

    [Fact]
    public void An_unset_variable_is_named_unless_it_may_be_the_token()
    {
        Checked.Minimal("[admin]\nbearer_token_env = \"ADMIN\"")
            .HasOnly("missing-variable", "admin.bearer_token_env", "variable ADMIN, which");
        Checked.Minimal("[admin]\nbearer_token_env = \"s3cr3t-t0ken\"")
            .HasOnly("missing-variable", "admin.bearer_token_env", "variable given there, which");
    }

    [Fact]
    public void Two_tokens_are_one_too_many()
        => Checked.Minimal("[admin]\nbearer_token = \"0123456789abcdef\"\nbearer_token_env = \"ADMIN\"")
            .HasOnly("duplicate-key", "admin.bearer_token_env", "keep one");

    [Fact]
    public void Hashed_tokens_have_the_shape_of_a_hash()
    {
        var admin = Checked.Minimal($"[admin.bearer_token]\nenabled = true\ntokens = [{{ token_hash = \"{Hash}\", description = \"CI\" }}]").IsFine().Admin!;
        Assert.Equal(("bearer", "CI"), (admin.Auth, Assert.Single(admin.Tokens).Description));
        Checked.Minimal("[admin.bearer_token]\ntokens = [{ token_hash = \"sha256:abc\" }]")
            .HasOnly("bad-value", "admin.bearer_token.tokens[0].token_hash", "64 hex digits");
    }

    [Fact]
    public void Tokens_that_are_switched_off_do_not_count()
    {
        Checked.Minimal("[admin.bearer_token]\nenabled = false\ntokens = [{ token_hash = \"sha256:abc\" }]")
            .HasOnly("missing-key", "admin.auth", "who may");
        Assert.Equal("mtls", Checked.Minimal($"[admin]\n{Anchors}[admin.bearer_token]\nenabled = false\ntokens = []").IsFine().Admin!.Auth);
    }

    [Fact]
    public void What_has_no_effect_is_warned_of()
    {
        Assert.Equal("no-effect",
            Assert.Single(Checked.Minimal($"[admin]\n{Anchors}auth = \"bearer\"\nbearer_token = \"{Token}\"").Problems).Code);
        Assert.Equal("no-effect",
            Assert.Single(Checked.Minimal($"[admin]\n{Anchors}auth = \"mtls\"\nbearer_token = \"{Token}\"").Problems).Code);
    }

    [Theory]
    [InlineData("0.0.0.0:9443", true)]
    [InlineData("[::]:9443", true)]
    [InlineData("127.0.0.1:9443", true)]
    [InlineData("10.0.0.1:9443", false)]
    [InlineData("0.0.0.0:8443", false)]
    public void A_listener_that_covers_the_admin_address_is_warned_of(string listen, bool shared)
    {
        var toml = $"[server]\nlisten = \"{listen}\"\n[admin]\n{Anchors}";
        var result = Checked.Minimal(toml);
        result.IsFine();
        Assert.Equal(shared ? ["shared-listener"] : [], result.Problems.Select(p => p.Code));
        if (shared) Checked.Minimal(toml + "mode = \"required\"").HasOnly("bad-value", "admin.mode", "a listener of its own");
        else Checked.Minimal(toml + "mode = \"required\"").IsFine();
    }
}
