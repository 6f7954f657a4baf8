using System.Formats.Asn1;
using System.Net;
using Kipuka.Pki;

namespace Kipuka.Tests.Pki;

public class GeneralNamesTests
{
    [Theory]
    [InlineData("example.com")]
    [InlineData("a")]
    [InlineData("17.example.com")]
    [InlineData("xn--dne-hoa.example")]
    [InlineData("*.example.com")]
    public void Valid_DNS_name_has_no_problem(string name) => // RFC 5280 4.2.1.6, RFC 1123 2.1
        Assert.Null(GeneralName.Dns(name).Problem());

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".example.com")]
    [InlineData("example.com.")]
    [InlineData("a..b")]
    [InlineData("-a.example")]
    [InlineData("a-.example")]
    [InlineData("a_b.example")]
    [InlineData("a b.example")]
    [InlineData("a,b")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("*.*.example")]
    [InlineData("a*.example")]
    [InlineData("x.*.example")]
    [InlineData("10.0.0.1")]
    [InlineData("a.example\0.evil")]
    [InlineData("a.example\n")]
    public void Invalid_DNS_name_has_one(string name) => Assert.NotNull(GeneralName.Dns(name).Problem());

    [Fact]
    public void DNS_name_is_bounded_by_label_and_in_all()
    {
        var label = new string('a', 63);
        Assert.Null(GeneralName.Dns(label).Problem());
        Assert.Equal("has a label longer than 63 characters", GeneralName.Dns(label + "a").Problem());
        Assert.Null(GeneralName.Dns($"{label}.{label}.{label}.{label[..61]}").Problem());
        Assert.Equal("is empty or longer than 253 characters", GeneralName.Dns($"{label}.{label}.{label}.{label[..62]}").Problem());
    }

    [Fact]
    public void Wildcard_is_flagged_and_left_to_policy()
    {
        Assert.True(GeneralName.Dns("*.example.com").IsWildcard);
        Assert.False(GeneralName.Dns("example.com").IsWildcard);
        Assert.False(GeneralName.Uri("*.example.com").IsWildcard);
    }

    [Theory]
    [InlineData("ops@example.com", true)]
    [InlineData("a.b+c@x", true)]
    [InlineData("ops", false)]
    [InlineData("@example.com", false)]
    [InlineData("ops@", false)]
    [InlineData("a@b@c", false)]
    [InlineData("a b@c", false)]
    [InlineData(".a@c", false)]
    [InlineData("a@b_c", false)]
    [InlineData("a\r\nBcc: x@c", false)]
    public void Email_address_is_a_mailbox(string address, bool valid) => // RFC 5280 4.2.1.6
        Assert.Equal(valid, GeneralName.Email(address).Problem() is null);

    [Theory]
    [InlineData("https://example.com/x?y#z", true)]
    [InlineData("spiffe://trust_domain.example/workload", true)]
    [InlineData("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", true)]
    [InlineData("https://u@[2001:db8::1]:8443/", true)]
    [InlineData("https://10.0.0.1:8443", true)]
    [InlineData("file:///etc", true)]
    [InlineData("example.com/x", false)]
    [InlineData("/x", false)]
    [InlineData(":x", false)]
    [InlineData("1a:x", false)]
    [InlineData("https:", false)]
    [InlineData("https://", false)]
    [InlineData("https:///x", false)]
    [InlineData("https://a..b/", false)]
    [InlineData("https://[::1]evil/", false)]
    [InlineData("https://a:b/", false)]
    [InlineData("https://a/ b", false)]
    [InlineData("https://a/\u0001", false)]
    public void URI_is_absolute(string uri, bool valid) => Assert.Equal(valid, GeneralName.Uri(uri).Problem() is null);

    [Theory]
    [InlineData("870410000001", true)]
    [InlineData("871020010DB8000000000000000000000001", true)]
    [InlineData("8700", false)]
    [InlineData("87080A000000FF000000", false)]
    public void IP_address_has_4_or_16_bytes(string hex, bool valid) =>
        Assert.Equal(valid, Parse(Convert.FromHexString(hex)).Entries[0].Problem() is null);

    [Fact]
    public void Directory_name_is_not_empty_and_holds_no_control_character()
    {
        Assert.Equal("is empty", GeneralName.DirectoryName(DistinguishedName.Empty).Problem());
        Assert.Equal("has a control character", GeneralName.DirectoryName(DistinguishedName.Create((Oids.CommonName, "a\n"))).Problem());
        Assert.Null(GeneralName.DirectoryName(DistinguishedName.Create((Oids.CommonName, "a"))).Problem());
    }

    [Fact]
    public void Names_compare_as_their_kind_does() // RFC 5280 7.2-7.5, 4.2.1.6
    {
        Assert.Equal(GeneralName.Dns("A.Example"), GeneralName.Dns("a.eXAMPLE"));
        Assert.Equal(GeneralName.Email("Ops@Example.com"), GeneralName.Email("Ops@example.COM"));
        Assert.NotEqual(GeneralName.Email("Ops@example.com"), GeneralName.Email("ops@example.com"));
        Assert.Equal(GeneralName.Uri("HTTPS://User@Example.com/Path"), GeneralName.Uri("https://User@EXAMPLE.com/Path"));
        Assert.NotEqual(GeneralName.Uri("https://example.com/Path"), GeneralName.Uri("https://example.com/path"));
        Assert.NotEqual(GeneralName.Uri("https://User@example.com/"), GeneralName.Uri("https://user@example.com/"));
        Assert.Equal(GeneralName.Uri("URN:a:B"), GeneralName.Uri("urn:a:B"));
        Assert.NotEqual(GeneralName.Uri("urn:a:B"), GeneralName.Uri("urn:a:b"));
        Assert.NotEqual(GeneralName.Ip(IPAddress.Parse("10.0.0.1")), GeneralName.Ip(IPAddress.Parse("::ffff:10.0.0.1")));
        Assert.NotEqual(GeneralName.Dns("a"), GeneralName.Email("a"));
        Assert.Equal(
            GeneralName.DirectoryName(Samples.Name((Oids.CommonName, UniversalTagNumber.PrintableString, "A"))),
            GeneralName.DirectoryName(Samples.Name((Oids.CommonName, UniversalTagNumber.UTF8String, "a"))));
        Assert.True(GeneralNames.Same(null, null));
        Assert.False(GeneralNames.Same(null, new GeneralNames(GeneralName.Dns("a"))));
    }

    [Fact]
    public void Other_name_gives_its_type_and_value()
    {
        var upn = Parse(Convert.FromHexString("A010060A2B060104018237140203A0020C00")).Entries[0];
        Assert.Equal(("1.3.6.1.4.1.311.20.2.3", "0C00"), (upn.TypeId, Convert.ToHexString(upn.OtherValue.Span)));
    }

    [Fact]
    public void Text_escapes_what_would_forge_a_log_line() =>
        Assert.Equal(@"DNS:a\0Ab\2CDNS:c", GeneralName.Dns("a\nb,DNS:c").Text);

    [Theory]
    [InlineData("8201C3")] // a dNSName that is not IA5
    [InlineData("A203020141")] // a constructed string
    [InlineData("8900")] // no such choice
    [InlineData("0C0141")] // not a context tag
    [InlineData("A400")] // a directory name without a name
    [InlineData("A0050603550403")] // an other name without a value
    public void Malformed_entry_is_refused(string hex) => Assert.Throws<MalformedException>(() => Parse(Convert.FromHexString(hex)));

    [Fact]
    public void Character_outside_ASCII_is_refused() => Assert.Throws<MalformedException>(() => GeneralName.Dns("düne.example"));

    [Fact]
    public void Number_of_names_is_1_to_100()
    {
        Assert.Equal("a subject alternative name is empty (RFC 5280 4.2.1.6)", Samples.Refusal(() => Parse([])));
        byte[] entry = [0x82, 0x01, 0x61];
        Assert.Equal(100, Parse([.. Enumerable.Repeat(entry, 100).SelectMany(e => e)]).Entries.Count);
        Assert.Equal("a subject alternative name has too many entries: more than 100",
            Samples.Refusal(() => Parse([.. Enumerable.Repeat(entry, 101).SelectMany(e => e)])));
    }

    /// <summary>A subjectAltName of these bytes, whatever they are.</summary>
    private static GeneralNames Parse(byte[] entries)
    {
        byte[] length = entries.Length < 128 ? [(byte)entries.Length] : [0x82, (byte)(entries.Length >> 8), (byte)entries.Length];
        return GeneralNames.Parse((byte[])[0x30, .. length, .. entries]);
    }
}
