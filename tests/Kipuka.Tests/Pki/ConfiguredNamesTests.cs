using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;

namespace Kipuka.Tests.Pki;

/// <summary>Names that operators write and read: key types, usages, reasons, serial numbers.</summary>
public class ConfiguredNamesTests
{
    [Theory]
    [InlineData("rsa2048", "rsa-2048")]
    [InlineData("RSA 4096", "rsa-4096")]
    [InlineData("rsa:3072", "rsa-3072")]
    [InlineData("rsa-8192", "rsa-8192")]
    [InlineData("ecdsaP256", "ecdsa-p256")]
    [InlineData("ecdsa256", "ecdsa-p256")]
    [InlineData("EC_P256", "ecdsa-p256")]
    [InlineData("P-256", "ecdsa-p256")]
    [InlineData("ecdsa-p384", "ecdsa-p384")]
    [InlineData("p521", "ecdsa-p521")]
    [InlineData("ML-DSA-65", "ml-dsa-65")]
    [InlineData("mldsa87", "ml-dsa-87")]
    [InlineData("Ed25519", "ed25519")]
    public void Key_type_has_many_spellings_and_one_name(string text, string name) // ruling 8
    {
        Assert.True(KeyType.TryParse(text, out var type));
        Assert.Equal(name, type.ToString());
        Assert.True(KeyType.TryParse(name, out var again));
        Assert.Equal(type, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("rsa")]
    [InlineData("rsa-1024")]
    [InlineData("rsa-99999999999")]
    [InlineData("ecdsa-p192")]
    [InlineData("dsa")]
    public void Other_key_types_are_unknown(string? text) => Assert.False(KeyType.TryParse(text, out _));

    [Fact]
    public void Supported_key_types_are_what_the_platform_can_do()
    {
        string[] always = ["rsa-2048", "rsa-3072", "rsa-4096", "ecdsa-p256", "ecdsa-p384", "ecdsa-p521"];
        string[] postQuantum = MLDsa.IsSupported ? ["ml-dsa-44", "ml-dsa-65", "ml-dsa-87"] : [];
        Assert.Equal([.. always, .. postQuantum], KeyType.Supported.Select(t => t.Name));
    }

    [Theory]
    [InlineData("0a:1B:ff", "0a1bff")]
    [InlineData("0x1", "01")]
    [InlineData("00AF", "af")]
    [InlineData("0", "00")]
    [InlineData("0000", "00")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffff", "ffffffffffffffffffffffffffffffffffffffff")]
    public void Serial_number_is_lower_case_hex(string text, string serial) // ruling 51
    {
        Assert.True(SerialNumbers.TryParse(text, out var read));
        Assert.Equal(serial, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("0x")]
    [InlineData(":")]
    [InlineData("a:bc")]
    [InlineData("abc:d")]
    [InlineData("-1")]
    [InlineData("xyz")]
    [InlineData("1 2")]
    [InlineData("1ffffffffffffffffffffffffffffffffffffffff")]
    public void Other_serial_numbers_are_refused(string? text) => Assert.False(SerialNumbers.TryParse(text, out _));

    [Theory]
    [InlineData("keyCompromise", 1)]
    [InlineData("key_compromise", 1)]
    [InlineData("cacompromise", 2)]
    [InlineData("removeFromCRL", 8)]
    [InlineData("aACompromise", 10)]
    [InlineData("4", 4)]
    [InlineData("0", 0)]
    public void Revocation_reason_is_a_name_or_a_number(string text, int number) // RFC 5280 5.3.1
    {
        Assert.True(RevocationReasons.TryParse(text, out var reason));
        Assert.Equal(number, (int)reason);
        Assert.True(RevocationReasons.TryParse(RevocationReasons.Name(reason), out var again));
        Assert.Equal(reason, again);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("11")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("stolen")]
    public void Other_revocation_reasons_are_refused(string text) => Assert.False(RevocationReasons.TryParse(text, out _));

    [Theory]
    [InlineData("serverAuth", Oids.ServerAuth, "serverAuth")]
    [InlineData("OCSPSigning", Oids.OcspSigning, "ocspSigning")]
    [InlineData("1.3.6.1.5.5.7.3.28", Oids.CmcRa, "cmcRA")]
    [InlineData("1.2.3.4", "1.2.3.4", "1.2.3.4")]
    public void Extended_key_usage_is_a_name_or_an_OID(string text, string oid, string name)
    {
        Assert.True(Eku.TryParse(text, out var read));
        Assert.Equal((oid, name), (read, Eku.Name(read)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("webAuth")]
    [InlineData("1")]
    [InlineData("1..2")]
    [InlineData("9.9.9")]
    public void Other_extended_key_usages_are_refused(string text) => Assert.False(Eku.TryParse(text, out _));

    [Fact]
    public void Extended_key_usages_encode_and_parse()
    {
        Assert.Equal([Oids.ServerAuth, "1.2.3.4"], Eku.Parse(Eku.Encode([Oids.ServerAuth, "1.2.3.4"])));
        Assert.Equal("the extended key usage is empty", Samples.Refusal(() => Eku.Parse(new byte[] { 0x30, 0x00 })));
    }

    [Fact]
    public void Key_usages_are_the_platforms_flags_in_both_directions() // RFC 5280 4.2.1.3
    {
        foreach (var name in KeyUsages.Names((X509KeyUsageFlags)0x80FF))
        {
            Assert.True(KeyUsages.TryParse(name.ToUpperInvariant(), out var flag));
            Assert.Equal(new X509KeyUsageExtension(flag, critical: true).RawData, KeyUsages.Encode(flag));
            Assert.Equal(flag, KeyUsages.Parse(KeyUsages.Encode(flag)));
        }
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, KeyUsages.Parse(new byte[] { 3, 2, 1, 0x80 }));
        Assert.True(KeyUsages.TryParse("contentCommitment", out var commitment));
        Assert.Equal(X509KeyUsageFlags.NonRepudiation, commitment);
        Assert.False(KeyUsages.TryParse("sign", out _));
        Assert.Equal("the key usage has the unknown bit 9", Samples.Refusal(() => KeyUsages.Parse(new byte[] { 3, 3, 6, 0, 0x40 })));
    }
}
