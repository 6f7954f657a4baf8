using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;
using Kipuka.Tests.Cli;

namespace Kipuka.Tests.Pki;

/// <summary>SignedData as CMC answers and generated keys carry it (RFC 5652 section 5), judged by the platform and by OpenSSL.</summary>
public sealed class MessageSignerTests
{
    private const string CmcResponse = "1.3.6.1.5.5.7.12.3";
    private static readonly DateTimeOffset Time = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, bool> Keys => new()
    {
        { "rsa-2048", false }, { "rsa-3072", true }, { "ecdsa-p256", false }, { "ecdsa-p384", false }, { "ecdsa-p521", false },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Signed_message_is_verified_by_others(string type, bool pss)
    {
        using var certificate = CertificateFor(type);
        using var other = CertificateFor("ecdsa-p256");
        using var signer = new MessageSigner(certificate, [other.RawData], pss);
        byte[] content = [0x30, 0x03, 0x02, 0x01, 0x07];

        var message = signer.Sign(CmcResponse, content, Time);

        var parsed = new SignedCms();
        parsed.Decode(message);
        parsed.CheckSignature(verifySignatureOnly: true);
        Assert.Equal(CmcResponse, parsed.ContentInfo.ContentType.Value);
        Assert.Equal(content, parsed.ContentInfo.Content);
        Assert.Equal(3, parsed.Version);
        Assert.Equal([certificate.Thumbprint, other.Thumbprint], parsed.Certificates.Select(c => c.Thumbprint));
        var attributes = Assert.Single(parsed.SignerInfos.Cast<System.Security.Cryptography.Pkcs.SignerInfo>()).SignedAttributes;
        Assert.Equal(Time, new Pkcs9SigningTime(attributes.Cast<CryptographicAttributeObject>()
            .Single(a => a.Oid.Value == Oids.SigningTime).Values[0].RawData).SigningTime);

        using var folder = new Scratch();
        var verified = await Tool.RunAsync(
            "openssl", "cms", "-verify", "-noverify", "-inform", "DER", "-in", folder.Write("m.der", message), "-out", folder.Path("content"));
        Assert.True(verified.Code == 0, verified.Output);
        Assert.Equal(content, File.ReadAllBytes(folder.Path("content")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(65535)]
    [InlineData(65536)]
    public void Any_length_of_content_is_encoded_as_DER(int length)
    {
        using var certificate = CertificateFor("ecdsa-p256");
        using var signer = new MessageSigner(certificate, []);
        var content = RandomNumberGenerator.GetBytes(length);
        var parsed = new SignedCms();
        parsed.Decode(signer.Sign(Oids.Data, content, Time));
        parsed.CheckSignature(verifySignatureOnly: true);
        Assert.Equal(content, parsed.ContentInfo.Content);
        Assert.Equal(1, parsed.Version);
    }

    [Fact]
    public void Certificate_without_its_key_cannot_sign()
    {
        using var whole = CertificateFor("ecdsa-p256");
        using var bare = X509CertificateLoader.LoadCertificate(whole.RawData);
        Assert.Throws<NotSupportedException>(() => new MessageSigner(bare, []));
        new MessageSigner(whole, []).Dispose();
    }

    internal static X509Certificate2 CertificateFor(string type)
    {
        Assert.True(KeyType.TryParse(type, out var parsed));
        AsymmetricAlgorithm key = parsed.Family == KeyFamily.Rsa ? RSA.Create(parsed.Size) : ECDsa.Create(NamedCurve.Of(parsed).Platform);
        var request = key is RSA rsa
            ? new CertificateRequest("CN=signer", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest("CN=signer", (ECDsa)key, HashAlgorithmName.SHA256);
        using (key)
        {
            return request.CreateSelfSigned(Time.AddDays(-1), Time.AddYears(1));
        }
    }
}
