using System.Security.Cryptography;
using Kipuka.Pki;

namespace Kipuka.Tests.Pki;

/// <summary>RFC 7030 appendix A, as the RFC prints it.</summary>
public class Rfc7030VectorTests
{
    private static readonly byte[] Request = Samples.File("rfc7030/A.3-simpleenroll-request.der");

    [Fact]
    public void A3_request_parses_with_its_password()
    {
        var csr = CertificationRequest.Parse(Request);
        Assert.Equal("CN=demostep4 1368141352", csr.Subject.Text);
        Assert.Equal("+rrCir/7+EYu50T4", csr.ChallengePassword);
        Assert.Equal("rsa-2048", csr.PublicKey.KeyType.Name);
        Assert.Empty(csr.RequestedExtensions);
        Assert.Null(csr.RequestedSan);
    }

    [Fact]
    public void A3_signature_covers_the_bytes_that_we_say_it_covers()
    {
        var csr = CertificationRequest.Parse(Request);
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(csr.PublicKey.Raw.Span, out _);
#pragma warning disable CA5350 // the vector of 2013 is signed with SHA-1
        Assert.True(rsa.VerifyData(csr.SignedBytes.Span, csr.Signature.Span, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1));
#pragma warning restore CA5350
    }

    [Fact]
    public void A3_request_is_refused_as_proof_because_it_is_signed_with_SHA1()
    {
        var csr = CertificationRequest.Parse(Request);
        var refusal = Samples.Refusal(() => ProvenRequest.Prove(csr, requirePossession: true));
        Assert.Equal("the signature algorithm sha1WithRSAEncryption is too weak", refusal);
    }

    [Fact]
    public void A1_response_holds_the_four_certificates_of_a_key_rollover()
    {
        var subjects = CertsOnly.Decode(Samples.File("rfc7030/A.1-cacerts-response.der"))
            .Select(c => CertificateFields.Parse(c).Subject.Text);
        Assert.Equal(["CN=estExampleCA OwO", "CN=estExampleCA NwO", "CN=estExampleCA OwN", "CN=estExampleCA NwN"], subjects);
    }

    [Fact]
    public void A3_response_certifies_the_key_of_the_request()
    {
        var certificate = CertificateFields.Parse(Assert.Single(CertsOnly.Decode(Samples.File("rfc7030/A.3-simpleenroll-response.der"))));
        var csr = CertificationRequest.Parse(Request);
        Assert.Equal(csr.PublicKey.Raw.ToArray(), certificate.SubjectPublicKeyInfo.ToArray());
        Assert.Equal(csr.Subject, certificate.Subject);
        Assert.Equal("CN=estExampleCA NwN", certificate.Issuer.Text);
        Assert.Equal(new DateTimeOffset(2013, 5, 9, 23, 15, 53, TimeSpan.Zero), certificate.NotBefore);
        Assert.Equal(new DateTimeOffset(2014, 5, 9, 23, 15, 53, TimeSpan.Zero), certificate.NotAfter);
    }

    [Fact]
    public void A2_attributes_decode_and_encode_to_the_same_bytes()
    {
        var der = Samples.File("rfc7030/A.2-csrattrs.der");
        var attributes = CsrAttributes.Decode(der);
        Assert.Equal(["1.3.6.1.1.1.1.22", "2.999.1", Oids.ChallengePassword, "2.999.2", "1.3.36.3.3.2.8.1.1.11", Oids.Sha384],
            attributes.Select(a => a.Oid));
        Assert.Equal(3, attributes[3].Values!.Count);
        Assert.Equal(der, CsrAttributes.Encode(attributes));
    }

    [Fact]
    public void A4_request_and_certificate_parse()
    {
        var csr = CertificationRequest.Parse(Samples.File("rfc7030/A.4-serverkeygen-request.der"));
        Assert.Equal("CN=serverKeyGen req by client in demo step 12 1368141955,SERIALNUMBER=PID:Widget SN:10", csr.Subject.Text);
        Assert.False(ProvenRequest.Prove(csr, requirePossession: false).PossessionProven);
        Assert.Single(CertsOnly.Decode(Samples.File("rfc7030/A.4-serverkeygen-cert.der")));
    }
}
