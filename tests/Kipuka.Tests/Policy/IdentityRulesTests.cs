using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk;
using static Kipuka.Tests.Policy.PolicySetup;

namespace Kipuka.Tests.Policy;

public class IdentityRulesTests
{
    [Fact]
    public void A_certificate_of_ours_enrolls_for_its_own_names_at_its_own_label_ruling_32()
    {
        var own = Holder("CN=device-1", "devices");
        Granted(Approve(Request("CN=device-1"), Label(), requester: own));
        Assert.Equal("identity-link", Code(Approve(Request("CN=device-2"), Label(), requester: own)));
        Granted(Approve(Request("CN=device-2"), Label(l => l with { LinkIdentity = false }), requester: own));
        Assert.Equal("wrong-label", Code(Approve(Request("CN=device-1"), Label(), requester: Holder("CN=device-1", "other"))));
        Granted(Approve(Request("CN=device-1"), Label(l => l with { AcceptLabels = ["other"] }), requester: Holder("CN=device-1", "other")));
    }

    [Fact]
    public void A_foreign_certificate_enrolls_for_any_name_unless_bootstrap_is_off_ruling_32()
    {
        var foreign = Holder("CN=factory", null);
        Granted(Approve(Request("CN=device-1"), Label(), requester: foreign));
        Assert.Equal("bootstrap", Code(Approve(Request("CN=device-1"), Label(l => l with { Bootstrap = false }), requester: foreign)));
    }

    [Fact]
    public void A_linked_password_names_its_entity_and_nothing_else_ruling_32()
    {
        var linked = Label(l => l with { LinkIdentity = true });
        Granted(Approve(Request("CN=device-1"), linked));
        Granted(Approve(Request("", ["device-1"]), linked));
        Assert.Equal("identity-link", Code(Approve(Request("CN=device-2"), linked)));
        Assert.Equal("identity-link", Code(Approve(Request("CN=device-1", ["device-1", "other.example.com"]), linked)));
    }

    [Fact]
    public void Renewal_needs_equal_decoded_names_RFC_7030_4_2_2()
    {
        var own = Holder("CN=Device-1", "devices");
        Granted(Approve(Request("CN=device-1"), Label(), requester: own, renewal: true));
        Assert.Equal("name-mismatch", Code(Approve(Request("CN=device-2"), Label(), requester: own, renewal: true)));
        Assert.Equal("name-mismatch", Code(Approve(Request("CN=device-1", ["more.example.com"]), Label(), requester: own, renewal: true)));
    }

    [Fact]
    public void Renewal_is_for_certificates_of_this_label_and_group_ruling_33()
    {
        var other = Holder("CN=device-1", "other");
        Assert.Equal("wrong-label", Code(Approve(Request(), Label(), requester: other, renewal: true)));
        Granted(Approve(Request(), Label(l => l with { RenewFrom = ["other"] }), requester: other, renewal: true));
        Assert.Equal("wrong-label", Code(Approve(Request(), Label(), requester: Holder("CN=device-1", "devices", "other-ca"), renewal: true)));
        Assert.Equal("foreign-certificate", Code(Approve(Request(), Label(), requester: Holder("CN=device-1", null), renewal: true)));
        Granted(Approve(Request(), Label(l => l with { RenewForeign = true }), requester: Holder("CN=device-1", null), renewal: true));
    }

    [Fact]
    public void Nobody_renews_without_a_certificate() => Assert.Equal("certificate-required", Code(Approve(Request(), Label(), renewal: true)));

    [Fact]
    public void An_RA_enrolls_for_any_name_that_the_label_allows_ruling_34()
    {
        var ra = Holder("CN=ra", "other") with { IsRa = true };
        Granted(Approve(Request("CN=device-1"), Label(l => l with { Bootstrap = false }), requester: ra));
        Assert.Equal("wrong-label", Code(Approve(Request("CN=device-1"), Label(), requester: ra with { IsRa = false })));
        Assert.Equal("subject-pattern", Code(Approve(Request("CN=device-1"), Label(l => l with { SubjectPattern = "^CN=router" }), requester: ra)));
    }

    [Fact]
    public void An_RA_renews_for_others_what_the_ledger_holds_rulings_33_and_34()
    {
        var ra = Holder("CN=ra", null) with { IsRa = true };
        Assert.Equal("nothing-to-renew", Code(Approve(Request("CN=device-1"), Label(), requester: ra, renewal: true)));
        Granted(Approve(Request("CN=device-1"), Label(), requester: For(ra, "CN=Device-1", "devices"), renewal: true));
        Assert.Equal("name-mismatch", Code(Approve(Request("CN=device-1"), Label(), requester: For(ra, "CN=device-2", "devices"), renewal: true)));
        Assert.Equal("wrong-label", Code(Approve(Request("CN=device-1"), Label(), requester: For(ra, "CN=device-1", "other"), renewal: true)));
        Granted(Approve(Request("CN=device-1"), Label(l => l with { RenewFrom = ["other"] }), requester: For(ra, "CN=device-1", "other"), renewal: true));
    }

    [Fact]
    public void An_RA_renews_its_own_certificate_as_everybody_does_ruling_33()
    {
        var ra = Holder("CN=ra", "devices") with { IsRa = true };
        Granted(Approve(Request("CN=ra"), Label(), requester: ra, renewal: true));
        Assert.Equal("foreign-certificate", Code(Approve(Request("CN=ra"), Label(), requester: Holder("CN=ra", null) with { IsRa = true }, renewal: true)));
    }

    private static Requester For(Requester ra, string subject, string label)
    {
        var other = Holder(subject, label);
        return ra with { Represents = new RepresentedCertificate(other.Certificate!, other.Held!) };
    }

    private static Requester Holder(string subject, string? label, string authority = "ca")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        var identity = new Identity("mtls", "fingerprint", subject) { Certificate = certificate.RawData };
        return new Requester(identity, CertificateFields.Parse(certificate.RawData), label is null ? null : new HeldCertificate(authority, label));
    }
}
