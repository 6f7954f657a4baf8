using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Pki;

namespace Kipuka.Tests.Pki;

/// <summary>RFC 7030 section 4.2.2 with RFC 5280 section 7: whether a request has the names of a certificate, decoded.</summary>
public class SubjectNamesTests
{
    private static readonly Gen<GeneralName> Entry = Gen.OneOf(
        Gen.Elements("a.example", "b.example", "*.c.example").Select(GeneralName.Dns),
        Gen.Elements("one@a.example", "Two@b.example").Select(GeneralName.Email),
        Gen.Elements("https://a.example/Path?Q", "urn:uuid:1", "spiffe://t_d/w", "https://[2001:db8::1]:8/x").Select(GeneralName.Uri),
        Gen.Elements("10.0.0.1", "2001:db8::1", "::ffff:10.0.0.1").Select(text => GeneralName.Ip(IPAddress.Parse(text))),
        Gen.Elements("CN", "O").Select(_ => GeneralName.DirectoryName(Subject(("2.5.4.3", "Inner Name")))),
        Gen.Elements("1.2.3.4", "1.2.3.5").Select(Registered),
        Gen.Elements("u@x", "v@x").Select(Upn));

    private static readonly Gen<List<GeneralName>> Entries = Gen.NonEmptyListOf(Entry).Select(list => list.Take(8).ToList());

    [Fact]
    public void Order_duplicates_and_case_make_no_other_name() => Holds(Entries, entries =>
    {
        var turned = entries.AsEnumerable().Reverse().Concat(entries.Take(2)).Select(Shout).ToList();
        return Agree(new GeneralNames(entries), new GeneralNames(turned)) && new GeneralNames(entries).Equals(new GeneralNames(turned));
    });

    [Fact]
    public void The_key_is_the_same_exactly_when_the_names_are() => Holds(
        Gen.Zip(Entries, Entries), pair => Agree(new GeneralNames(pair.Item1), new GeneralNames(pair.Item2)));

    [Fact]
    public void A_name_more_or_none_makes_others() => Holds(Entries, entries =>
    {
        var names = new GeneralNames(entries);
        var subject = Subject(("2.5.4.3", "x"));
        return !SubjectNames.Key(subject, names).SequenceEqual(SubjectNames.Key(subject, new GeneralNames(entries.Append(GeneralName.Dns("more")))))
            && !SubjectNames.Key(subject, names).SequenceEqual(SubjectNames.Key(subject, null));
    });

    [Theory]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1")] // four octets and sixteen are different names (RFC 5280 section 4.2.1.6)
    [InlineData("2001:db8::1", "2001:db8::2")]
    public void Addresses_are_compared_by_their_octets(string one, string other)
    {
        Assert.NotEqual(GeneralName.Ip(IPAddress.Parse(one)), GeneralName.Ip(IPAddress.Parse(other)));
        Assert.Equal(GeneralName.Ip(IPAddress.Parse("2001:DB8:0:0::1")), GeneralName.Ip(IPAddress.Parse("2001:db8::1")));
    }

    [Fact]
    public void Case_counts_where_RFC_5280_says_so()
    {
        Assert.NotEqual(GeneralName.Email("One@a.example"), GeneralName.Email("one@a.example"));
        Assert.NotEqual(GeneralName.Uri("https://a.example/Path"), GeneralName.Uri("https://a.example/path"));
        Assert.Equal(GeneralName.Uri("HTTPS://A.example/Path"), GeneralName.Uri("https://a.example/Path"));
        Assert.NotEqual(Upn("u@x"), Upn("U@x"));
        Assert.NotEqual(Registered("1.2.3.4"), Registered("1.2.3.5"));
    }

    [Fact]
    public void The_parts_of_a_multi_valued_RDN_have_no_order_but_RDNs_have()
    {
        // DER sorts a set by its bytes, the shorter first: white space, which does not count, turns the order around.
        var one = DistinguishedName.Parse(Rdns([("2.5.4.3", "a"), ("2.5.4.10", "bb")]));
        var turned = DistinguishedName.Parse(Rdns([("2.5.4.3", "A     "), ("2.5.4.10", "BB")]));
        Assert.Equal((Oids.CommonName, Oids.OrganizationName), (one.Rdns[0][0].Oid, turned.Rdns[0][0].Oid));
        var apart = DistinguishedName.Parse(Rdns([("2.5.4.3", "a")], [("2.5.4.10", "bb")]));
        Assert.Equal(one, turned);
        Assert.Equal(SubjectNames.Key(one, null), SubjectNames.Key(turned, null));
        Assert.NotEqual(one, apart);
        Assert.NotEqual(SubjectNames.Key(one, null), SubjectNames.Key(apart, null));
        Assert.NotEqual(DistinguishedName.Parse(Rdns([("2.5.4.10", "bb")], [("2.5.4.3", "a")])), apart);
    }

    [Fact]
    public void A_certificate_has_the_names_of_the_request_that_it_came_from()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Device, O=Acme", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("D.example");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var issued = request.CreateSelfSigned(now, now.AddDays(1));
        var certificate = CertificateFields.Parse(issued.RawData);
        var csr = CertificationRequest.Parse(request.CreateSigningRequest());
        var san = new GeneralNames(GeneralName.Dns("d.EXAMPLE"));
        Assert.True(SubjectNames.Same(csr.Subject, san, certificate));
        Assert.False(SubjectNames.Same(csr.Subject, null, certificate));
        Assert.False(SubjectNames.Same(DistinguishedName.Empty, san, certificate));
    }

    private static bool Agree(GeneralNames one, GeneralNames other)
    {
        var (first, second) = (Subject(("2.5.4.3", "Dev  ice")), Subject(("2.5.4.3", " dev ICE ")));
        return SubjectNames.Key(first, one).SequenceEqual(SubjectNames.Key(second, other)) == one.Equals(other);
    }

    private static GeneralName Shout(GeneralName name) => name.Kind switch
    {
        GeneralNameKind.Dns => GeneralName.Dns(name.Value.ToUpperInvariant()),
        GeneralNameKind.Email => GeneralName.Email(name.Value[..name.Value.IndexOf('@')] + name.Value[name.Value.IndexOf('@')..].ToUpperInvariant()),
        GeneralNameKind.DirectoryName => GeneralName.DirectoryName(Subject(("2.5.4.3", "  inner   NAME"))),
        _ => name,
    };

    private static DistinguishedName Subject(params (string Oid, string Value)[] attributes) => DistinguishedName.Create(attributes);

    private static GeneralName Registered(string oid) => One(Samples.Der(w => w.WriteObjectIdentifier(oid, new Asn1Tag(TagClass.ContextSpecific, 8))));

    private static GeneralName Upn(string name) => One(Samples.Der(w =>
    {
        using var other = w.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
        w.WriteObjectIdentifier("1.3.6.1.4.1.311.20.2.3");
        using var value = w.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
        w.WriteCharacterString(UniversalTagNumber.UTF8String, name);
    }));

    private static GeneralName One(byte[] entry) => GeneralNames.Parse(Samples.Der(w =>
    {
        using var list = w.PushSequence();
        w.WriteEncodedValue(entry);
    })).Entries[0];

    private static byte[] Rdns(params (string Oid, string Value)[][] rdns) => Samples.Der(w =>
    {
        using var name = w.PushSequence();
        foreach (var rdn in rdns)
        {
            using var set = w.PushSetOf();
            foreach (var (oid, value) in rdn)
            {
                using var pair = w.PushSequence();
                w.WriteObjectIdentifier(oid);
                w.WriteCharacterString(UniversalTagNumber.PrintableString, value);
            }
        }
    });

    private static void Holds<T>(Gen<T> gen, Func<T, bool> property) => Prop.ForAll(Arb.From(gen), property).QuickCheckThrowOnFailure();
}
