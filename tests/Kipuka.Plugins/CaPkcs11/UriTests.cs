using FsCheck;
using FsCheck.Fluent;
using Kipuka.Plugins.CaPkcs11;

namespace Kipuka.Plugins.Tests.CaPkcs11;

/// <summary>RFC 7512.</summary>
public sealed class UriTests
{
    [Fact]
    public void What_is_written_is_read_back() => Prop.ForAll(AnyUri(), uri => uri.Equals(Pkcs11Uri.Parse(uri.ToString()))).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_read_or_refused_with_a_sentence() => Prop.ForAll<string>(text =>
    {
        try
        {
            Pkcs11Uri.Parse("pkcs11:" + text);
        }
        catch (FormatException fault)
        {
            Assert.NotEmpty(fault.Message);
        }
    }).QuickCheckThrowOnFailure();

    // RFC 7512 section 3, and the manual's own.
    [Theory]
    [InlineData("pkcs11:token=kipuka;object=ca-key", "kipuka", "ca-key", null, null)]
    [InlineData("pkcs11:object=my-pubkey;type=private", null, "my-pubkey", null, null)]
    [InlineData("pkcs11:id=%69%95%3E%5C%F4%BD%EC%91", null, null, "69953e5cf4bdec91", null)]
    [InlineData("pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;manufacturer=Snake%20Oil,%20Inc.;model=1.0;object=my-certificate;id=%01", "The Software PKCS#11 Softtoken", "my-certificate", "01", null)]
    [InlineData("pkcs11:slot-id=327;object=x", null, "x", null, 327ul)]
    [InlineData("pkcs11:slot=0;object=ca-signing-key", null, "ca-signing-key", null, 0ul)]
    [InlineData("pkcs11:id=a%62c", null, null, "616263", null)]
    [InlineData("pkcs11:", null, null, null, null)]
    public void Attributes_are_decoded(string text, string? token, string? label, string? id, ulong? slot)
    {
        var uri = Pkcs11Uri.Parse(text);
        Assert.Equal((token, label, id, slot), (uri.Token, uri.Object, uri.Id is { } octets ? Convert.ToHexStringLower(octets.Span) : null, uri.Slot));
    }

    [Theory]
    [InlineData("file:/etc/ca.pem", "begins with \"pkcs11:\"")]
    [InlineData("pkcs11:token=a;token=b", "token twice")]
    [InlineData("pkcs11:token", "name=value")]
    [InlineData("pkcs11:token=a;", "name=value")]
    [InlineData("pkcs11:tokn=a", "unknown attribute tokn")]
    [InlineData("pkcs11:id=%0", "two hexadecimal digits")]
    [InlineData("pkcs11:id=%zz", "two hexadecimal digits")]
    [InlineData("pkcs11:id=", "an id of 0 bytes")]
    [InlineData("pkcs11:token=%ff", "no UTF-8")]
    [InlineData("pkcs11:object=a b", "must be percent-encoded")]
    [InlineData("pkcs11:slot-id=-1", "no decimal number")]
    [InlineData("pkcs11:slot-id=4294967296", "no decimal number")]
    [InlineData("pkcs11:object=x;type=public", "another type than private")]
    [InlineData("pkcs11:object=x;library-manufacturer=y", "is not compared here")]
    [InlineData("pkcs11:object=x?pin-value=1234", "use pin_env or pin_file")]
    [InlineData("pkcs11:object=x?pin-source=file:/pin", "use pin_file")]
    [InlineData("pkcs11:object=x?module-path=/lib.so", "use `library`")]
    [InlineData("pkcs11:object=x?other=y", "unknown query attribute")]
    public void What_cannot_be_honoured_is_refused(string text, string expected)
        => Assert.Contains(expected, Assert.Throws<FormatException>(() => Pkcs11Uri.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_PIN_in_a_URI_is_not_repeated()
        => Assert.DoesNotContain("s3cret", Assert.Throws<FormatException>(() => Pkcs11Uri.Parse("pkcs11:object=x?pin-value=s3cret")).Message, StringComparison.Ordinal);

    private static Arbitrary<Pkcs11Uri> AnyUri()
    {
        var text = Gen.OneOf(Gen.Constant<string?>(null), ArbMap.Default.GeneratorFor<UnicodeString>().Select(value => IsText(value.Get) ? value.Get : null));
        var id = Gen.OneOf(Gen.Constant<byte[]?>(null), ArbMap.Default.GeneratorFor<byte[]>().Select(octets => octets is { Length: > 0 and <= 200 } ? octets : null));
        var slot = Gen.OneOf(Gen.Constant<ulong?>(null), ArbMap.Default.GeneratorFor<uint>().Select(number => (ulong?)number));
        return (from token in text
                from label in text
                from serial in text
                from model in text
                from octets in id
                from number in slot
                select new Pkcs11Uri
                {
                    Token = token,
                    Object = label,
                    Serial = serial,
                    Model = model,
                    Slot = number,
                    Id = octets is null ? default(ReadOnlyMemory<byte>?) : octets,
                }).Where(uri => uri.ToString().Length <= 2048).ToArbitrary();
    }

    // Half of a surrogate pair is no text, and cannot be written as UTF-8.
    private static bool IsText(string? value) => value is { Length: > 0 } && System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(value)) == value;
}
