namespace Kipuka.Tests.Config;

public sealed class AuthorityChecksTests
{
    [Fact]
    public void Ids_differ() => Checked.Minimal("[[ca]]\nid = \"one\"").HasOnly("duplicate-name", "ca[1].id", "in line 3 too");

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\\nb")]
    public void Ids_can_stand_in_a_path(string id)
        => Checked.Minimal($"[[ca]]\nid = \"{id}\"").HasOnly("bad-value", "ca[1].id", "1 to 64 characters");

    [Fact]
    public void An_id_is_required() => Checked.Minimal("[[ca]]").HasOnly("missing-key", "ca[1].id", "is missing");

    [Fact]
    public void Explicit_validities_agree()
    {
        Checked.Minimal("validity_days = 90\nmax_validity_days = 90").IsFine();
        Checked.Minimal("max_validity_days = 90").IsFine();
        Checked.Minimal("validity_days = 91\nmax_validity_days = 90").HasOnly("bad-value", "ca[0].validity_days", "max_validity_days, 90");
    }

    [Fact]
    public void Key_usages_of_the_ca_itself_are_warned_of()
    {
        var result = Checked.Minimal("key_usage = [\"digitalSignature\", \"keyCertSign\"]");
        Assert.Equal(["digitalSignature", "keyCertSign"], result.IsFine().Authorities[0].DefaultKeyUsage!);
        Assert.Equal(("ca-key-usage", "ca[0].key_usage"), (Assert.Single(result.Problems).Code, result.Problems[0].Key));
        Assert.Empty(Checked.Minimal("key_usage = [\"digitalSignature\"]").Problems);
    }

    [Fact]
    public void Key_usages_have_names()
        => Checked.Minimal("default_key_usage = [\"digitalSignatur\"]")
            .HasOnly("bad-value", "ca[0].default_key_usage[0]", "did you mean digitalSignature?");

    [Fact]
    public void Extended_key_usages_have_names_or_oids()
    {
        Checked.Minimal("default_ext_key_usage = [\"serverAuth\", \"1.3.6.1.5.5.7.3.2\"]").IsFine();
        Checked.Minimal("default_ext_key_usage = [\"serverauht\"]")
            .HasOnly("bad-value", "ca[0].default_ext_key_usage[0]", "nor an OID in dots; did you mean serverAuth?");
    }

    [Theory]
    [InlineData("ocspSigning")]
    [InlineData("1.3.6.1.5.5.7.3.9")]
    public void A_usage_with_power_over_others_is_no_default(string name)
        => Checked.Minimal($"default_ext_key_usage = [\"{name}\"]").HasOnly("bad-value", "ca[0].default_ext_key_usage[0]", "labels only");

    [Fact]
    public void An_empty_glob_is_refused()
        => Checked.Minimal("allowed_subjects = [\"\"]").HasOnly("bad-value", "ca[0].allowed_subjects[0]", "write *");

    [Theory]
    [InlineData("backend = \"dogtag\"", "dogtag")]
    [InlineData("type = \"dogtag\"", "dogtag")]
    [InlineData("", null)]
    public void The_type_has_two_names(string toml, string? type) => Assert.Equal(type, Checked.Minimal(toml).IsFine().Authorities[0].Type);
}
