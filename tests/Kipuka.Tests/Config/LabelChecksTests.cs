namespace Kipuka.Tests.Config;

public sealed class LabelChecksTests
{
    private const string Label = "[[est.label]]\nname = \"a\"\nca_id = \"one\"\n";

    [Theory]
    [InlineData("a")]
    [InlineData("iot-devices")]
    [InlineData("A.b_c-9")]
    public void Names_are_parts_of_a_url(string name)
        => Assert.Equal(name, Checked.Minimal($"[[est.label]]\nname = \"{name}\"\nca_id = \"one\"").IsFine().Est.Labels[0].Name);

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ä")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void Other_names_are_refused(string name)
        => Checked.Minimal($"[[est.label]]\nname = \"{name}\"\nca_id = \"one\"").HasOnly("bad-value", "est.label[0].name", "part of a URL");

    [Theory]
    [InlineData("simpleenroll")]
    [InlineData("serverkeygen")]
    [InlineData("CaCerts")]
    public void Operations_are_no_names(string name)
        => Checked.Minimal($"[[est.label]]\nname = \"{name}\"\nca_id = \"one\"").HasOnly("bad-value", "est.label[0].name", "EST operation");

    [Fact]
    public void The_label_of_a_ca_follows_the_same_rules()
    {
        Assert.Equal("x", Checked.Minimal("label = \"x\"").IsFine().Authorities[0].Label);
        Checked.Minimal("label = \"fullcmc\"").HasOnly("bad-value", "ca[0].label", "EST operation");
        Checked.Minimal("label = \"a\"\n" + Label).HasOnly("duplicate-name", "ca[0].label", "in line 6 too");
    }

    [Fact]
    public void The_ca_exists()
        => Checked.Minimal("[[est.label]]\nname = \"a\"\nca_id = \"onne\"")
            .HasOnly("dangling-reference", "est.label[0].ca_id", "did you mean one?");

    [Fact]
    public void Other_labels_exist()
    {
        Checked.Minimal("label = \"b\"\n" + Label + "accept_labels = [\"b\"]\nrenew_from = [\"a\", \"b\"]").IsFine();
        Checked.Minimal(Label + "accept_labels = [\"zzz\"]").HasOnly("dangling-reference", "est.label[0].accept_labels[0]", "there are a");
        Checked.Minimal(Label + "renew_from = \"zzz\"").HasOnly("dangling-reference", "est.label[0].renew_from", "names no label");
    }

    [Theory]
    [InlineData("rsa-2048")]
    [InlineData("RSA:3072")]
    [InlineData("ecdsaP256")]
    [InlineData("ec_p384")]
    [InlineData("p521")]
    public void Key_types_have_many_spellings(string type)
        => Assert.Empty(Checked.Minimal(Label + $"allowed_key_types = [\"{type}\"]").Problems);

    [Fact]
    public void Key_types_that_do_not_exist_are_refused()
        => Checked.Minimal(Label + "allowed_key_types = [\"rsa-1024\"]")
            .HasOnly("bad-value", "est.label[0].allowed_key_types[0]", "is not a key type");

    [Fact]
    public void Key_types_that_this_system_cannot_verify_are_warned_of()
        => Assert.Equal("not-supported",
            Assert.Single(Checked.Minimal(Label + "allowed_key_types = [\"p256\", \"ed25519\"]").Problems).Code);

    [Fact]
    public void Defaults_are_judged_as_labels_are()
    {
        Checked.Minimal("[enrollment]\nallowed_key_types = []").HasOnly("bad-value", "enrollment.allowed_key_types", "all or none");
        Checked.Minimal("[enrollment]\nallowed_signature_algorithms = [\"sha1\"]")
            .HasOnly("bad-value", "enrollment.allowed_signature_algorithms[0]", "write one of sha256, sha384, sha512");
        Checked.Minimal("[enrollment]\nallowed_signature_algorithms = [\"SHA-256\", \"ecdsa-with-SHA384\"]").IsFine();
    }

    [Fact]
    public void A_usage_with_power_over_others_is_named_by_its_oid()
    {
        Checked.Minimal(Label + "allowed_ext_key_usage = [\"1.3.6.1.5.5.7.3.9\"]").IsFine();
        Checked.Minimal(Label + "allowed_ext_key_usage = [\"ocspSigning\"]")
            .HasOnly("bad-value", "est.label[0].allowed_ext_key_usage[0]", "write its OID, 1.3.6.1.5.5.7.3.9");
    }

    [Fact]
    public void Somebody_can_enroll()
    {
        Checked.Minimal(Label + "auth = [\"otp\"]").IsFine();
        Checked.Minimal(Label + "auth = []").HasOnly("bad-value", "est.label[0].auth", "nobody could enroll");
    }

    [Fact]
    public void Patterns_are_regular_expressions()
    {
        Checked.Minimal(Label + "subject_pattern = '^CN=[a-z]+\\.example\\.com(,.*)?$'").IsFine();
        Checked.Minimal(Label + "subject_pattern = '^CN=(a'")
            .HasOnly("bad-value", "est.label[0].subject_pattern", "InsufficientClosingParentheses at character 6");
        Checked.Minimal(Label + "subject_pattern = '(a)\\1'").HasOnly("bad-value", "est.label[0].subject_pattern", "unlimited time");
    }
}
