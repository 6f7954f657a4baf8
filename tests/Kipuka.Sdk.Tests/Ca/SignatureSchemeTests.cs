using System.Security.Cryptography;
using Kipuka.Sdk.Ca;

namespace Kipuka.Sdk.Tests.Ca;

public sealed class SignatureSchemeTests
{
    // RFC 5758 3.2: no parameters. RFC 4055 5: NULL.
    [Theory]
    [InlineData("p256", "300a06082a8648ce3d040302")]
    [InlineData("p384", "300a06082a8648ce3d040303")]
    [InlineData("p521", "300a06082a8648ce3d040304")]
    [InlineData("rsa2048", "300d06092a864886f70d01010b0500")]
    public void The_hash_goes_with_the_key_when_nobody_chooses(string kind, string algorithm)
        => Assert.Equal(algorithm, Convert.ToHexStringLower(SignatureScheme.For(Make.Root(Make.Key(kind))).AlgorithmIdentifier.Span));

    [Fact]
    public void A_curve_of_256_bits_that_is_not_P256_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.CreateFromValue("1.3.132.0.10"));
        var fault = Assert.Throws<NotSupportedException>(() => SignatureScheme.For(Make.Root(key), HashAlgorithmName.SHA256));
        Assert.Contains("P-256, P-384 and P-521", fault.Message);
    }

    [Fact]
    public void Pss_with_an_ECDSA_key_is_refused()
        => Assert.Contains("needs an RSA key", Assert.Throws<NotSupportedException>(() => SignatureScheme.For(Make.Root(Make.Key("p256")), pss: true)).Message);

    [Fact]
    public void An_RSA_key_under_2048_bits_is_refused()
    {
        using var key = RSA.Create(1024);
        Assert.Contains("2048", Assert.Throws<NotSupportedException>(() => SignatureScheme.For(Make.Root(key))).Message);
    }

    [Fact]
    public void Sha1_is_refused()
        => Assert.Throws<NotSupportedException>(() => SignatureScheme.For(Make.Root(Make.Key("rsa2048")), HashAlgorithmName.SHA1));
}
