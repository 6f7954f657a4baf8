using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;

namespace Kipuka.Tests.Pki;

public class CertificationRequestTests
{
    [Theory]
    [InlineData("rsa-2048", "sha256WithRSAEncryption")]
    [InlineData("rsa-3072", "sha256WithRSAEncryption")]
    [InlineData("rsa-4096", "sha256WithRSAEncryption")]
    [InlineData("ecdsa-p256", "ecdsa-with-SHA256")]
    [InlineData("ecdsa-p384", "ecdsa-with-SHA256")]
    [InlineData("ecdsa-p521", "ecdsa-with-SHA256")]
    public void OpenSSL_request_of_each_key_type_parses_and_proves_possession(string type, string algorithm)
    {
        var csr = CertificationRequest.Parse(Samples.File($"csr/{type}.der"));
        Assert.Equal(type, csr.PublicKey.KeyType.Name);
        Assert.Equal(algorithm, SignatureAlgorithms.Parse(csr.SignatureAlgorithm).Name);
        Assert.True(ProvenRequest.Prove(csr, requirePossession: true).PossessionProven);
        Assert.Equal(@"C=DE,O=Düne\2C Meer & Söhne,CN=device-17.example.com,SERIALNUMBER=4711", csr.Subject.Text);
        Assert.Equal("sesame-open", csr.ChallengePassword);
        Assert.Equal([Oids.ServerAuth, Oids.ClientAuth], csr.RequestedEkus);
        Assert.Equal(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, csr.RequestedKeyUsage);
        Assert.False(csr.RequestsCa);
        Assert.Equal(
            "DNS:device-17.example.com,DNS:*.lab.example.com,IP:10.0.0.17,IP:2001:db8::17,email:ops@example.com,"
            + "URI:https://example.com/d/17,otherName:1.3.6.1.4.1.311.20.2.3:0c0f643137406578616d706c652e636f6d,"
            + "RID:1.2.3.4,dirName:CN=Seventeen",
            csr.RequestedSan!.Text);
        Assert.All(csr.RequestedSan.Entries, entry => Assert.Null(entry.Problem()));
    }

    [Fact]
    public void OpenSSL_request_signed_with_PSS_proves_possession()
    {
        var csr = CertificationRequest.Parse(Samples.File("csr/rsa-pss.der"));
        Assert.Equal("RSASSA-PSS-SHA256", SignatureAlgorithms.Parse(csr.SignatureAlgorithm).Name);
        Assert.True(csr.VerifySignature());
    }

    [Theory]
    [InlineData("rsa-pss-long-salt", "RSASSA-PSS must have a salt as long as its hash, 32 bytes")]
    [InlineData("rsa-sha1", "the signature algorithm sha1WithRSAEncryption is too weak")]
    [InlineData("ed25519", "this server cannot verify ed25519 signatures")]
    public void Signature_that_is_not_taken_is_refused_by_name(string file, string reason)
    {
        var csr = CertificationRequest.Parse(Samples.File($"csr/{file}.der"));
        Assert.Equal(reason, Samples.Refusal(() => csr.VerifySignature()));
    }

    [Theory]
    [InlineData("secp256k1", "the CSR's public key is on the unknown curve 1.3.132.0.10")]
    [InlineData("explicit-curve", "the CSR's public key does not name its curve by an OID (RFC 5480 2.1.1)")]
    public void Key_of_another_kind_is_refused_by_name(string file, string reason) =>
        Assert.Equal(reason, Refusal(Samples.File($"csr/{file}.der")));

    [Fact]
    public void Platform_request_with_sha384_and_sha512_proves_possession()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        var rsa = Samples.Rsa;
        var subject = new X500DistinguishedName("CN=x");
        foreach (var hash in new[] { HashAlgorithmName.SHA384, HashAlgorithmName.SHA512 })
        {
            AssertProven(new CertificateRequest(subject, ecdsa, hash));
            AssertProven(new CertificateRequest(subject, rsa, hash, RSASignaturePadding.Pkcs1));
            AssertProven(new CertificateRequest(subject, rsa, hash, RSASignaturePadding.Pss));
        }

        static void AssertProven(CertificateRequest request) =>
            Assert.True(CertificationRequest.Parse(request.CreateSigningRequest()).VerifySignature());
    }

    [Fact]
    public void Signature_of_another_key_proves_nothing()
    {
        // RFC 2986 3: the request is signed with the key that it carries.
        var csr = Samples.File("csr/ecdsa-p256.der");
        var other = Samples.Csr();
        var mixed = Samples.Der(w =>
        {
            using var outer = w.PushSequence();
            w.WriteEncodedValue(CertificationRequest.Parse(csr).SignedBytes.Span);
            w.WriteEncodedValue(CertificationRequest.Parse(other).SignatureAlgorithm.Raw.Span);
            w.WriteBitString(CertificationRequest.Parse(other).Signature.Span);
        });
        Assert.Throws<PossessionException>(() => ProvenRequest.Prove(CertificationRequest.Parse(mixed), requirePossession: true));
    }

    [Fact]
    public void Algorithm_of_another_family_proves_nothing()
    {
        var key = CertificationRequest.Parse(Samples.File("csr/rsa-2048.der")).PublicKey;
        var csr = CertificationRequest.Parse(Samples.Csr());
        Assert.False(key.Verify(csr.SignedBytes.Span, csr.Signature.Span, csr.SignatureAlgorithm));
    }

    [Fact]
    public void Request_without_the_attributes_field_is_read() => Assert.Empty(CertificationRequest.Parse(Samples.Sign(Samples.Der(w =>
    {
        using var info = w.PushSequence();
        w.WriteInteger(0);
        using (w.PushSequence()) { }
        w.WriteEncodedValue(Samples.Key.ExportSubjectPublicKeyInfo());
    }))).Attributes.Oids);

    [Fact]
    public void Version_other_than_0_is_refused()
    {
        var csr = Samples.Sign(Samples.Der(w =>
        {
            using var info = w.PushSequence();
            w.WriteInteger(1);
            using (w.PushSequence()) { }
            w.WriteEncodedValue(Samples.Key.ExportSubjectPublicKeyInfo());
        }));
        Assert.Equal("the CSR's version is not 0 (RFC 2986 4.1)", Refusal(csr));
    }

    [Fact]
    public void Trailing_bytes_are_refused() =>
        Assert.Equal("malformed DER in the CSR", Refusal([.. Samples.Csr(), 0x05, 0x00]));

    [Fact]
    public void Indefinite_length_is_refused()
    {
        var csr = Samples.Csr();
        var content = new AsnReader(csr, AsnEncodingRules.DER).PeekContentBytes().ToArray();
        Assert.Equal("malformed DER in the CSR", Refusal([0x30, 0x80, .. content, 0x00, 0x00]));
    }

    [Fact]
    public void Overlong_request_is_refused_unread() => Assert.Equal("the CSR is longer than 262144 bytes", Refusal(new byte[262145]));

    internal static string Refusal(byte[] der) => Samples.Refusal(() => CertificationRequest.Parse(der));
}
