using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk.Ca;

namespace Kipuka.Sdk.Tests.Ca;

/// <summary>RFC 9881: the OID of the key is that of the signature, and neither has parameters. No platform support is needed to say so.</summary>
public sealed class MlDsaSchemeTests
{
    [Theory]
    [InlineData("2.16.840.1.101.3.4.3.17", 1312, 2420)]
    [InlineData("2.16.840.1.101.3.4.3.18", 1952, 3309)]
    [InlineData("2.16.840.1.101.3.4.3.19", 2592, 4627)]
    public void The_scheme_of_an_ML_DSA_key_has_its_OID_and_no_hash(string oid, int keyLength, int signatureLength)
    {
        using var issuer = Issuer(oid, keyLength);
        var scheme = SignatureScheme.For(issuer);
        var identifier = new AsnReader(scheme.AlgorithmIdentifier, AsnEncodingRules.DER).ReadSequence();
        Assert.Equal(oid, identifier.ReadObjectIdentifier());
        Assert.False(identifier.HasData);
        Assert.Equal(signatureLength, scheme.MlDsa!.SignatureSizeInBytes);
        Assert.Null(scheme.Hash.Name);
        Assert.Null(scheme.RsaPadding);
        Assert.Equal(MLDsa.IsSupported, scheme.CanVerify);
        // A wrong length is no signature on any platform.
        Assert.False(scheme.Verify(issuer, [1], new byte[signatureLength - 1]));
    }

    [Fact]
    public void A_hash_a_padding_and_a_key_of_another_length_are_refused()
    {
        using var issuer = Issuer("2.16.840.1.101.3.4.3.18", 1952);
        Assert.NotNull(SignatureScheme.For(issuer));
        Assert.Contains("signature_hash", Assert.Throws<NotSupportedException>(() => SignatureScheme.For(issuer, HashAlgorithmName.SHA256)).Message, StringComparison.Ordinal);
        Assert.Contains("rsa_padding", Assert.Throws<NotSupportedException>(() => SignatureScheme.For(issuer, pss: true)).Message, StringComparison.Ordinal);
        using var shorter = Issuer("2.16.840.1.101.3.4.3.18", 1951);
        Assert.Contains("1952", Assert.Throws<NotSupportedException>(() => SignatureScheme.For(shorter)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_platform_cannot_verify_is_an_exception_and_no_answer()
    {
        using var issuer = Issuer("2.16.840.1.101.3.4.3.17", 1312);
        var scheme = SignatureScheme.For(issuer);
        if (scheme.CanVerify)
        {
            Assert.False(scheme.Verify(issuer, [1], new byte[2420]));
        }
        else
        {
            Assert.Throws<PlatformNotSupportedException>(() => scheme.Verify(issuer, [1], new byte[2420]));
        }
    }

    private static X509Certificate2 Issuer(string oid, int keyLength)
    {
        var info = new AsnWriter(AsnEncodingRules.DER);
        using (info.PushSequence())
        {
            using (info.PushSequence())
            {
                info.WriteObjectIdentifier(oid);
            }
            info.WriteBitString(new byte[keyLength]);
        }
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName("CN=pqc"), PublicKey.CreateFromSubjectPublicKeyInfo(info.Encode(), out _), HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.Create(request.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), now, now.AddDays(1), [1]);
    }
}
