using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;
using PublicKeyInfo = Kipuka.Pki.PublicKeyInfo;

namespace Kipuka.Tests.Pki;

public class CertificateFieldsTests
{
    private static readonly X509Certificate2 Platform = Samples.SelfSigned("CN=Issuer, O=Kipuka", request =>
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("ca.example");
        var key = new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 1, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DecipherOnly, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(Oids.ServerAuth), new Oid(Oids.CmcRa)], false));
        request.CertificateExtensions.Add(key);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(key));
    });

    private static readonly CertificateFields Ours = CertificateFields.Parse(Platform.RawData);

    [Fact]
    public void Fields_are_those_that_the_platform_reads()
    {
        Assert.Equal(Platform.SerialNumberBytes.ToArray(), Ours.SerialNumber.ToArray());
        Assert.Equal(Platform.IssuerName.RawData, Ours.IssuerRaw.ToArray());
        Assert.Equal(Platform.SubjectName.RawData, Ours.SubjectRaw.ToArray());
        Assert.Equal(Platform.NotBefore.ToUniversalTime(), Ours.NotBefore.UtcDateTime);
        Assert.Equal(Platform.NotAfter.ToUniversalTime(), Ours.NotAfter.UtcDateTime);
        Assert.True(Ours.NotAfter.Year > 2049); // and so a GeneralizedTime
        Assert.Equal(Platform.PublicKey.ExportSubjectPublicKeyInfo(), Ours.SubjectPublicKeyInfo.ToArray());
        Assert.Equal(Platform.Extensions.Select(e => (e.Oid!.Value!, e.Critical)), Ours.Extensions.Select(e => (e.Oid, e.Critical)));
        Assert.Equal(Platform.SignatureAlgorithm.Value, Ours.SignatureAlgorithm.Oid);
        Assert.Equal(Platform.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant(), Ours.FingerprintSha256);
        Assert.Equal(Platform.SerialNumber.TrimStart('0').ToLowerInvariant(), Ours.SerialHex.TrimStart('0'));
    }

    [Fact]
    public void Extensions_are_read()
    {
        Assert.Equal("DNS:ca.example", Ours.SubjectAltName!.Text);
        Assert.True(Ours.IsCa);
        Assert.True(Ours.IsSelfIssued);
        Assert.Equal(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DecipherOnly, Ours.KeyUsage);
        Assert.Equal([Oids.ServerAuth, Oids.CmcRa], Ours.ExtKeyUsages);
        Assert.Equal(Ours.PublicKey.KeyIdentifier(), Ours.SubjectKeyIdentifier!.Value.ToArray());
        Assert.Equal(Ours.PublicKey.KeyIdentifier(), Ours.AuthorityKeyIdentifier!.Value.ToArray());
    }

    [Fact]
    public void Absent_extensions_are_null_and_no_CA()
    {
        var bare = CertificateFields.Parse(Samples.SelfSigned("CN=x").RawData);
        Assert.False(bare.IsCa);
        Assert.True(bare is { SubjectAltName: null, KeyUsage: null, ExtKeyUsages: null });
        Assert.False(bare.SubjectKeyIdentifier.HasValue);
        Assert.False(bare.AuthorityKeyIdentifier.HasValue);
    }

    [Fact]
    public void Signature_is_the_issuers_and_no_others()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.True(Ours.IsSignedBy(Ours.PublicKey));
        Assert.False(Ours.IsSignedBy(PublicKeyInfo.Parse(other.ExportSubjectPublicKeyInfo())));
    }

    [Fact]
    public void Two_signature_algorithms_in_one_certificate_are_refused() // RFC 5280 4.1.1.2
    {
        var der = Platform.RawData;
        der[der.AsSpan().LastIndexOf(Ours.SignatureAlgorithm.Raw.Span) + Ours.SignatureAlgorithm.Raw.Length - 1] ^= 1;
        Assert.Equal("the certificate names two signature algorithms (RFC 5280 4.1.1.2)",
            Samples.Refusal(() => CertificateFields.Parse(der)));
    }

    [Fact]
    public void Certs_only_is_read_by_the_platform_and_keeps_the_order() // RFC 7030 4.2.3
    {
        var longer = Samples.SelfSigned("CN=a much longer name than the other so that a sorted set would put it last").RawData;
        var shorter = Samples.SelfSigned("CN=x").RawData;
        var der = CertsOnly.Encode(longer, shorter);
        var cms = new SignedCms();
        cms.Decode(der);
        Assert.Equal(2, cms.Certificates.Count);
        Assert.Empty(cms.SignerInfos);
        Assert.Equal([longer, shorter], CertsOnly.Decode(der).Select(c => c.ToArray()));
        Assert.Empty(CertsOnly.Decode(CertsOnly.Encode()));
    }

    [Fact]
    public void Certs_only_of_indefinite_length_is_read() // BER: RFC 5652 12.1
    {
        byte[] certificate = Platform.RawData;
        byte[] ber =
        [
            0x30, 0x80, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02, 0xA0, 0x80,
            0x30, 0x80, 0x02, 0x01, 0x01, 0x31, 0x00,
            0x30, 0x80, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01, 0x00, 0x00,
            0xA0, 0x80, .. certificate, 0x00, 0x00, 0x31, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        ];
        Assert.Equal(certificate, Assert.Single(CertsOnly.Decode(ber)).ToArray());
    }

    [Fact]
    public void CSR_attributes_of_bare_OIDs_encode_as_a_sequence() => // RFC 7030 4.5.2
        Assert.Equal("300B06092A864886F70D010907", Convert.ToHexString(CsrAttributes.Encode([Oids.ChallengePassword])));
}
