namespace Kipuka.Tests.Config;

public class CsrAdviceChecksTests
{
    private const string Label = "[[est.label]]\nname = \"x\"\nca_id = \"one\"\n";

    [Theory]
    [InlineData("[est]\ncsr_attributes = [\"CN\"]", "est.csr_attributes[0]", "OID in dots")]
    [InlineData("[est]\ncsr_attributes_form = \"new\"", "est.csr_attributes_form", "both")]
    [InlineData("[est.csr_template]\nkey_algorithm = \"rsa\"", "est.csr_template.key_algorithm", "not a key type")]
    [InlineData("[est.csr_template]\nrequired_extensions = [\"san\"]", "est.csr_template.required_extensions[0]", "subjectAltName")]
    [InlineData("[est.csr_template]\nsubject = [{ oid = \"X\" }]", "est.csr_template.subject[0].oid", "short name")]
    [InlineData("[est.csr_template]\nsubject = [{ oid = \"C\", value = \"ü\" }]", "est.csr_template.subject[0].value", "PrintableString")]
    [InlineData("[est.csr_template]\nsubject = [{ value = \"x\" }]", "est.csr_template.subject[0].oid", "missing")]
    [InlineData(Label + "csr_template = { key_algorithm = \"des\" }", "est.label[0].csr_template.key_algorithm", "not a key type")]
    [InlineData(Label + "certificate_policies = [\"one\"]", "est.label[0].certificate_policies[0]", "OID in dots")]
    [InlineData(Label + "certificate_policies = [\"1.2.3\", { oid = \"1.2.3\" }]", "est.label[0].certificate_policies[1]", "twice")]
    [InlineData(Label + "certificate_policies = [{ oid = \"1.2.3\", cps = \"cps\" }]", "est.label[0].certificate_policies[0].cps", "absolute URI")]
    public void What_cannot_be_said_in_a_CSR_or_a_certificate_is_an_error(string toml, string key, string message)
    {
        var error = Assert.Single(Checked.Minimal(toml).Errors);
        Assert.Equal(key, error.Key);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Label + "allowed_key_types = [\"rsa-2048\"]\ncsr_template = { key_algorithm = \"p256\" }", "contradiction")]
    [InlineData(Label + "csr_attributes = [\"1.2.3\"]\ncsr_attributes_form = \"template\"", "no-effect")]
    [InlineData(Label + "profile_rules = \"cabf\"", "cabf-policies")]
    public void Advice_that_misleads_and_rules_that_are_half_kept_are_told(string toml, string code)
    {
        var result = Checked.Minimal(toml);
        Assert.Empty(result.Errors);
        Assert.Contains(result.Problems, problem => problem.Code == code);
    }

    [Fact]
    public void An_OID_alone_is_a_policy_without_a_practice_statement()
    {
        var config = Checked.Minimal(Label + "certificate_policies = [\"1.2.3\", { oid = \"1.2.4\", cps = \"https://a.example/\" }]").Config!;
        Assert.Equal([("1.2.3", null), ("1.2.4", "https://a.example/")], config.Est.Labels[0].CertificatePolicies.Select(policy => (policy.Oid, policy.Cps)));
    }
}
