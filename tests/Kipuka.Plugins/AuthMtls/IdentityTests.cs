using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Plugins.AuthMtls;

namespace Kipuka.Plugins.Tests.AuthMtls;

/// <summary>What an accepted certificate says about its holder (ruling 56).</summary>
public sealed class IdentityTests
{
    private readonly X509Certificate2 root = Pki.Root();

    [Fact]
    public async Task The_key_is_the_fingerprint_and_the_facts_are_serial_and_issuer()
    {
        var leaf = Pki.Issue(root, "CN=device-1, O=Example");
        var identity = Pki.Accepted(await Pki.AskAsync(root, leaf));
        Assert.Equal("mtls", identity.Method);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(leaf.RawData)), identity.Key);
        Assert.Equal(leaf.RawData, identity.Certificate.ToArray());
        Assert.Equal("CN=Root", identity.Facts["issuer"]);
        Assert.Equal(leaf.SerialNumber.ToLowerInvariant(), identity.Facts["serial"]);
    }

    [Fact]
    public void Attributes_stand_in_encoded_order()
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName("x");
        builder.AddOrganizationName("y");
        var encoded = builder.Build();
        var first = encoded.EnumerateRelativeDistinguishedNames(reversed: false).First().GetSingleElementValue();
        Assert.Equal(first == "x" ? "CN=x,O=y" : "O=y,CN=x", SubjectText.Of(encoded));
    }

    [Theory]
    [InlineData("a,b", "a\\2Cb")]
    [InlineData("a\nb", "a\\0Ab")]
    [InlineData("a+b=c", "a\\2Bb\\3Dc")]
    [InlineData("a\\b", "a\\5Cb")]
    [InlineData("a\u202Eb", "a\\E2\\80\\AEb")]
    [InlineData("Zürich", "Zürich")]
    public void Special_and_control_characters_are_hex_pairs(string value, string text)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.Add("2.5.4.3", value, System.Formats.Asn1.UniversalTagNumber.UTF8String);
        Assert.Equal($"CN={text}", SubjectText.Of(builder.Build()));
    }

    [Fact]
    public void No_value_can_bring_a_separator_or_a_line_break()
        => Prop.ForAll<NonEmptyString>(value =>
        {
            // A text with a lone surrogate cannot be encoded at all.
            var clean = new string([.. value.Get.Where(character => !char.IsSurrogate(character))]);
            var builder = new X500DistinguishedNameBuilder();
            builder.Add("2.5.4.3", clean + "x", System.Formats.Asn1.UniversalTagNumber.UTF8String);
            var text = SubjectText.Of(builder.Build());
            return text.StartsWith("CN=", StringComparison.Ordinal) && !text[3..].Any(character => character is ',' or '+' or '=' || char.IsControl(character));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task An_empty_subject_is_named_by_its_serial_number()
        => Assert.StartsWith("serial=", Pki.Accepted(await Pki.AskAsync(root, Pki.Issue(root, ""))).Name, StringComparison.Ordinal);
}
