using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk;
using static Kipuka.Tests.Policy.PolicySetup;

namespace Kipuka.Tests.Policy;

/// <summary>Rulings 18 and 32: a subject that is mapped to an identity always sets the subject.</summary>
public class MappedSubjectTests
{
    private static readonly X500DistinguishedName Mapped = new(DistinguishedName.Create((Oids.OrganizationalUnitName, "Users"), (Oids.CommonName, "alice")).Raw.Span);

    private static readonly Requester Alice = new(new Identity("gssapi", "alice@EXAMPLE.COM", "alice@EXAMPLE.COM") { Subject = Mapped }, null, null);

    [Fact]
    public void It_replaces_what_the_request_says_and_the_record_says_so()
    {
        var approval = Approve(Request("CN=root"), requester: Alice);
        Assert.Equal("OU=Users,CN=alice", Subject(approval));
        Assert.Equal("CN=root", Notes(approval)["dropped_subject"]);
    }

    [Fact]
    public void An_empty_subject_or_an_equal_one_is_no_wish_that_was_dropped()
    {
        Assert.Equal("OU=Users,CN=alice", Subject(Approve(Request("", ["a.example.com"]), requester: Alice)));
        Assert.Empty(Notes(Approve(Request("", ["a.example.com"]), requester: Alice)));
        Assert.Empty(Notes(Approve(Request("CN=alice,OU=Users"), requester: Alice)));
    }

    [Fact]
    public void Label_policy_judges_the_mapped_subject()
    {
        Assert.Equal("subject-pattern", Code(Approve(Request("CN=only"), Label(l => l with { SubjectPattern = "^CN=only$" }), requester: Alice)));
        Granted(Approve(Request("CN=only"), Label(l => l with { SubjectPattern = "^OU=Users,CN=alice$" }), requester: Alice));
        Assert.Equal("allowed-subjects", Code(Approve(Request("CN=only"), limits: CaLimits with { AllowedSubjects = ["CN=only"] }, requester: Alice)));
    }

    [Fact]
    public void A_strict_label_refuses_another_subject_than_the_mapped_one()
    {
        Assert.Equal("strict", Code(Approve(Request("CN=root"), Label(l => l with { Strict = true }), requester: Alice)));
        Granted(Approve(Request("CN=alice,OU=Users"), Label(l => l with { Strict = true }), requester: Alice));
    }

    [Fact]
    public void link_identity_leaves_it_no_further_name()
    {
        var linked = Label(l => l with { LinkIdentity = true });
        Granted(Approve(Request("CN=x"), linked, requester: Alice));
        Assert.Equal("identity-link", Code(Approve(Request("CN=x", ["other.example.com"]), linked, requester: Alice)));
    }

    private static string Subject(Approval approval) => DistinguishedName.Parse(Granted(approval).Subject.RawData).Text;
}
