using System.Formats.Asn1;
using Kipuka.Pki;

namespace Kipuka.Tests.Pki;

public class DistinguishedNameTests
{
    private const UniversalTagNumber Utf8 = UniversalTagNumber.UTF8String;

    [Theory]
    [InlineData("Müller", "CN=Müller")]
    [InlineData("a,O=evil", @"CN=a\2CO\3Devil")]
    [InlineData("a+b", @"CN=a\2Bb")]
    [InlineData("\"<\\>;", @"CN=\22\3C\5C\3E\3B")]
    [InlineData("#1", @"CN=\231")]
    [InlineData("1#", "CN=1#")]
    [InlineData(" a b ", @"CN=\20a b\20")]
    [InlineData("a\nb", @"CN=a\0Ab")]
    [InlineData("a\0b", @"CN=a\00b")]
    [InlineData("a\u0085b", @"CN=a\C2\85b")]
    [InlineData("a\u2028b", @"CN=a\E2\80\A8b")]
    [InlineData("a\u202Eb", @"CN=a\E2\80\AEb")]
    [InlineData("😀", "CN=😀")]
    [InlineData("", "CN=")]
    public void Text_escapes_what_could_be_mistaken(string value, string text) => // ruling 56
        Assert.Equal(text, Samples.Name((Oids.CommonName, Utf8, value)).Text);

    [Fact]
    public void Text_keeps_the_encoded_order_and_names_what_it_knows()
    {
        var name = Samples.Name(
            (Oids.CountryName, UniversalTagNumber.PrintableString, "DE"), (Oids.DomainComponent, UniversalTagNumber.IA5String, "example"),
            (Oids.UserId, Utf8, "u"), (Oids.EmailAddress, UniversalTagNumber.IA5String, "a@b"),
            ("1.2.3.4", Utf8, "z"), (Oids.CommonName, Utf8, "x"));
        Assert.Equal("C=DE,DC=example,UID=u,emailAddress=a@b,1.2.3.4=z,CN=x", name.Text);
        Assert.Equal(["x"], name.CommonNames);
        Assert.Equal("", DistinguishedName.Empty.Text);
        Assert.True(DistinguishedName.Empty.IsEmpty);
    }

    [Fact]
    public void Text_joins_an_RDN_by_plus_and_shows_other_values_as_hex()
    {
        var name = DistinguishedName.Parse(Rdn((Oids.CommonName, Samples.Utf8("x")), ("2.5.4.45", [0x03, 0x02, 0x00, 0xAB])));
        Assert.Equal("CN=x+2.5.4.45=#030200ab", name.Text);
        Assert.Null(name.Rdns[0][1].Value);
    }

    [Theory]
    [InlineData(UniversalTagNumber.PrintableString)]
    [InlineData(UniversalTagNumber.IA5String)]
    [InlineData(UniversalTagNumber.BMPString)]
    [InlineData(UniversalTagNumber.T61String)]
    [InlineData(UniversalTagNumber.VisibleString)]
    [InlineData(UniversalTagNumber.UniversalString)]
    public void Names_are_equal_whatever_the_string_type(UniversalTagNumber type) // RFC 5280 7.1
    {
        var other = Samples.Name((Oids.CommonName, type, "Device 17"));
        var utf8 = Samples.Name((Oids.CommonName, Utf8, "device  17"));
        Assert.Equal(utf8, other);
        Assert.Equal(utf8.GetHashCode(), other.GetHashCode());
        Assert.Equal(Samples.Name((Oids.CommonName, Utf8, "Device 17")).Raw.ToArray(), other.ReEncodeUtf8().Raw.ToArray());
    }

    [Fact]
    public void Multi_valued_RDN_is_a_set_and_the_sequence_of_RDNs_is_not()
    {
        // DER sorts a set by its encodings, so that a longer string type changes the order of the same two attributes.
        var plain = DistinguishedName.Parse(Rdn((Oids.CommonName, Samples.Utf8("abc")), (Oids.OrganizationName, Samples.Utf8("abcd"))));
        var wide = DistinguishedName.Parse(Rdn((Oids.CommonName, Bmp("abc")), (Oids.OrganizationName, Samples.Utf8("abcd"))));
        Assert.NotEqual(plain.Text, wide.Text);
        Assert.Equal(plain, wide);
        Assert.NotEqual(
            Samples.Name((Oids.CommonName, Utf8, "a"), (Oids.OrganizationName, Utf8, "b")),
            Samples.Name((Oids.OrganizationName, Utf8, "b"), (Oids.CommonName, Utf8, "a")));
        Assert.NotEqual(plain, Samples.Name((Oids.CommonName, Utf8, "abc"), (Oids.OrganizationName, Utf8, "abcd")));
    }

    [Fact]
    public void Text_that_looks_like_another_value_is_not_equal_to_it()
    {
        var looksRaw = Samples.Name(("2.5.4.45", Utf8, "#030200AB"));
        Assert.NotEqual(looksRaw, DistinguishedName.Parse(Rdn(("2.5.4.45", [0x03, 0x02, 0x00, 0xAB]))));
        Assert.NotEqual(
            Samples.Name((Oids.CommonName, Utf8, "a,O=b")),
            Samples.Name((Oids.CommonName, Utf8, "a"), (Oids.OrganizationName, Utf8, "b")));
    }

    [Fact]
    public void Re_encoding_uses_the_types_of_RFC_5280()
    {
        var name = Samples.Name(
            (Oids.CountryName, Utf8, "DE"), (Oids.SerialNumber, Utf8, "17"), (Oids.DomainComponent, Utf8, "example"),
            (Oids.EmailAddress, Utf8, "a@b"), (Oids.OrganizationName, UniversalTagNumber.PrintableString, "O"),
            ("1.2.3.4", UniversalTagNumber.PrintableString, "z"));
        Assert.Equal([0x13, 0x13, 0x16, 0x16, 0x0C, 0x13], name.ReEncodeUtf8().Attributes.Select(a => (int)a.Encoded.Span[0]));
        Assert.Equal(name, name.ReEncodeUtf8());
    }

    [Fact]
    public void Value_that_its_type_cannot_carry_is_refused() => Assert.Equal(
        "a name's C has a character that a PrintableString cannot carry",
        Samples.Refusal(() => Samples.Name((Oids.CountryName, Utf8, "D_")).ReEncodeUtf8()));

    [Fact]
    public void Control_characters_are_seen_and_parsed()
    {
        Assert.True(Samples.Name((Oids.CommonName, Utf8, "a\0b")).HasControlCharacters);
        Assert.False(Samples.Name((Oids.CommonName, Utf8, "a b")).HasControlCharacters);
    }

    [Fact]
    public void Size_is_bounded()
    {
        var attribute = (Oids.CommonName, Utf8, new string('x', 1024));
        Assert.Equal(64, Samples.Name([.. Enumerable.Repeat(attribute, 64)]).Attributes.Count());
        Assert.Equal("a name has more than 64 attributes",
            Samples.Refusal(() => Samples.Name([.. Enumerable.Repeat(attribute, 65)])));
        Assert.Equal("a name's CN is longer than 1024 characters",
            Samples.Refusal(() => Samples.Name((Oids.CommonName, Utf8, new string('x', 1025)))));
    }

    [Theory]
    [InlineData("3000 00")] // trailing bytes
    [InlineData("3002 3100")] // an RDN of nothing
    [InlineData("300C 310A 3008 0603550403 0C01")] // cut short
    [InlineData("300D 310B 3009 0603550403 0C02C328")] // not UTF-8
    [InlineData("300D 310B 3009 0603550403 1E02D800")] // half a surrogate pair
    [InlineData("300C 310A 3008 0603550403 13012A")] // not a PrintableString: '*'
    public void Name_that_is_not_DER_is_malformed(string hex) => Assert.Throws<MalformedException>(() =>
        DistinguishedName.Parse(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));

    private static byte[] Bmp(string text) => Samples.Der(w => w.WriteCharacterString(UniversalTagNumber.BMPString, text));

    private static byte[] Rdn(params (string Oid, byte[] Value)[] attributes) => Samples.Der(w =>
    {
        using var name = w.PushSequence();
        using var set = w.PushSetOf();
        foreach (var (oid, value) in attributes)
        {
            using var attribute = w.PushSequence();
            w.WriteObjectIdentifier(oid);
            w.WriteEncodedValue(value);
        }
    });
}
