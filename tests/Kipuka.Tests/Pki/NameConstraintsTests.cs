using System.Formats.Asn1;
using System.Net;
using Kipuka.Pki;

namespace Kipuka.Tests.Pki;

/// <summary>RFC 5280 section 4.2.1.10, name form by name form.</summary>
public class NameConstraintsTests
{
    [Theory]
    [InlineData("example.com", "example.com", true)]
    [InlineData("example.com", "WWW.Example.COM", true)]
    [InlineData("example.com", "a.b.example.com", true)]
    [InlineData("example.com", "badexample.com", false)]
    [InlineData("example.com", "com", false)]
    [InlineData(".example.com", "a.example.com", true)]
    [InlineData(".example.com", "example.com", false)]
    [InlineData("", "anything.example", true)]
    [InlineData("example.com", "*.example.com", true)]
    [InlineData("a.example.com", "*.example.com", false)]
    public void DNS_labels_may_be_added_on_the_left(string root, string name, bool inside) => Judged(GeneralName.Dns(root), GeneralName.Dns(name), inside);

    [Theory]
    [InlineData("example.com", "me@example.com", true)]
    [InlineData("example.com", "me@EXAMPLE.com", true)]
    [InlineData("example.com", "me@a.example.com", false)]
    [InlineData(".example.com", "me@a.example.com", true)]
    [InlineData(".example.com", "me@example.com", false)]
    [InlineData("me@example.com", "me@example.com", true)]
    [InlineData("me@example.com", "ME@example.com", false)]
    [InlineData("me@example.com", "you@example.com", false)]
    public void A_mailbox_constraint_is_a_mailbox_a_host_or_a_domain(string root, string name, bool inside)
        => Judged(GeneralName.Email(root), GeneralName.Email(name), inside);

    [Theory]
    [InlineData("example.com", "https://example.com/x", true)]
    [InlineData("example.com", "https://user@example.com:8443/x?y", true)]
    [InlineData("example.com", "https://a.example.com/", false)]
    [InlineData(".example.com", "spiffe://a.example.com/x", true)]
    [InlineData(".example.com", "spiffe://example.com/x", false)]
    public void A_URI_constraint_is_about_the_host(string root, string name, bool inside) => Judged(GeneralName.Uri(root), GeneralName.Uri(name), inside);

    [Theory]
    [InlineData("urn:example:a")]
    [InlineData("https://10.0.0.1/")]
    [InlineData("https://[2001:db8::1]/")]
    public void A_URI_without_a_host_name_is_refused_where_URIs_are_constrained(string uri)
    {
        Refused(Constraints([GeneralName.Uri("example.com")], []), GeneralName.Uri(uri));
        Refused(Constraints([], [GeneralName.Uri("example.com")]), GeneralName.Uri(uri));
        Passed(Constraints([GeneralName.Dns("example.com")], []), GeneralName.Uri(uri));
    }

    [Theory]
    [InlineData("10.0.0.0", "255.0.0.0", "10.1.2.3", true)]
    [InlineData("10.0.0.0", "255.0.0.0", "11.1.2.3", false)]
    [InlineData("192.168.1.128", "255.255.255.128", "192.168.1.200", true)]
    [InlineData("192.168.1.128", "255.255.255.128", "192.168.1.100", false)]
    [InlineData("2001:db8::", "ffff:ffff::", "2001:db8:1::1", true)]
    [InlineData("2001:db8::", "ffff:ffff::", "2001:db9::1", false)]
    [InlineData("2001:db8::", "ffff:ffff::", "10.0.0.1", false)]
    public void An_address_is_compared_under_the_mask(string address, string mask, string name, bool inside)
        => Judged(Range(address, mask), GeneralName.Ip(IPAddress.Parse(name)), inside);

    [Theory]
    [InlineData("O=Acme", "O=Acme,CN=x", true)]
    [InlineData("O=Acme", "O=ACME,CN=x", true)]
    [InlineData("O=Acme", "CN=x,O=Acme", false)]
    [InlineData("O=Acme,OU=A", "O=Acme,CN=x", false)]
    [InlineData("", "CN=x", true)]
    public void A_subject_begins_with_the_names_of_its_subtree(string root, string subject, bool inside)
    {
        var name = Name(subject);
        Assert.Equal(inside, Constraints([GeneralName.DirectoryName(Name(root))], []).Problem(name, null) is null);
        Assert.Equal(inside, Constraints([], [GeneralName.DirectoryName(Name(root))]).Problem(name, null) is not null);
    }

    [Fact]
    public void A_kind_that_no_subtree_is_about_is_free()
        => Passed(Constraints([GeneralName.Dns("example.com")], []), GeneralName.Email("me@elsewhere.org"));

    [Fact]
    public void What_is_excluded_is_refused_though_it_is_permitted()
    {
        var constraints = Constraints([GeneralName.Dns("example.com")], [GeneralName.Dns("secret.example.com")]);
        Refused(constraints, GeneralName.Dns("a.secret.example.com"));
        Passed(constraints, GeneralName.Dns("a.example.com"));
    }

    [Fact]
    public void A_wildcard_that_stands_for_an_excluded_host_is_refused()
    {
        var constraints = Constraints([], [GeneralName.Dns("secret.example.com")]);
        Refused(constraints, GeneralName.Dns("*.example.com"));
        Passed(constraints, GeneralName.Dns("*.example.org"));
    }

    [Fact]
    public void An_emailAddress_of_the_subject_is_a_mailbox_and_a_common_name_may_be_a_host()
    {
        var mail = Constraints([GeneralName.Email("example.com")], []);
        Assert.NotNull(mail.Problem(Name("emailAddress=me@elsewhere.org"), null));
        Assert.Null(mail.Problem(Name("emailAddress=me@example.com"), null));
        var host = Constraints([GeneralName.Dns("example.com")], []);
        Assert.NotNull(host.Problem(Name("CN=www.elsewhere.org"), null));
        Assert.Null(host.Problem(Name("CN=www.elsewhere.org"), new GeneralNames(GeneralName.Dns("a.example.com"))));
        Assert.Null(host.Problem(Name("CN=Somebody Else"), null));
    }

    [Fact]
    public void Distances_and_kinds_that_cannot_be_judged_refuse_names_of_that_kind_only()
    {
        var far = NameConstraints.Parse(Encode([GeneralName.Dns("example.com")], [], minimum: 1));
        Refused(far, GeneralName.Dns("a.example.com"));
        Passed(far, GeneralName.Email("me@example.com"));
    }

    private static void Judged(GeneralName root, GeneralName name, bool inside)
    {
        Assert.Equal(inside, Constraints([root], []).Problem(DistinguishedName.Empty, new GeneralNames(name)) is null);
        // A wildcard may be outside a subtree and yet stand for a host in it.
        if (!name.IsWildcard) Assert.Equal(inside, Constraints([], [root]).Problem(DistinguishedName.Empty, new GeneralNames(name)) is not null);
    }

    private static void Refused(NameConstraints constraints, GeneralName name) => Assert.NotNull(constraints.Problem(DistinguishedName.Empty, new GeneralNames(name)));

    private static void Passed(NameConstraints constraints, GeneralName name) => Assert.Null(constraints.Problem(DistinguishedName.Empty, new GeneralNames(name)));

    internal static NameConstraints Constraints(GeneralName[] permitted, GeneralName[] excluded) => NameConstraints.Parse(Encode(permitted, excluded));

    internal static byte[] Encode(GeneralName[] permitted, GeneralName[] excluded, int minimum = 0) => Samples.Der(w =>
    {
        using var sequence = w.PushSequence();
        foreach (var (names, number) in new[] { (permitted, 0), (excluded, 1) })
        {
            if (names.Length == 0) continue;
            using var trees = w.PushSequence(new Asn1Tag(TagClass.ContextSpecific, number));
            foreach (var name in names)
            {
                using var tree = w.PushSequence();
                w.WriteEncodedValue(name.Raw.Span);
                if (minimum > 0) w.WriteInteger(minimum, new Asn1Tag(TagClass.ContextSpecific, 0));
            }
        }
    });

    internal static GeneralName Range(string address, string mask) => GeneralName.Read(new AsnReader(
        Samples.Der(w => w.WriteOctetString(
            [.. IPAddress.Parse(address).GetAddressBytes(), .. IPAddress.Parse(mask).GetAddressBytes()], new Asn1Tag(TagClass.ContextSpecific, 7))),
        AsnEncodingRules.DER));

    internal static DistinguishedName Name(string text) => DistinguishedName.Create(text.Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Split('=', 2)).Select(pair => (AttributeType.Parse(pair[0])!, pair[1])));
}
