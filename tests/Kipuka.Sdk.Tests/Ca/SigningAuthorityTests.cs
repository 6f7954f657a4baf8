using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk.Ca;

namespace Kipuka.Sdk.Tests.Ca;

/// <summary>What a holder of a key issues, as openssl and the platform read it.</summary>
public sealed class SigningAuthorityTests
{
    [Theory]
    [InlineData("p256", null, false, "ecdsa-with-SHA256")]
    [InlineData("p256", "SHA512", false, "ecdsa-with-SHA512")]
    [InlineData("p384", null, false, "ecdsa-with-SHA384")]
    [InlineData("p521", null, false, "ecdsa-with-SHA512")]
    [InlineData("rsa2048", null, false, "sha256WithRSAEncryption")]
    [InlineData("rsa3072", "SHA384", false, "sha384WithRSAEncryption")]
    [InlineData("rsa2048", "SHA512", false, "sha512WithRSAEncryption")]
    [InlineData("rsa2048", null, true, "rsassaPss")]
    [InlineData("rsa2048", "SHA384", true, "rsassaPss")]
    [InlineData("rsa2048", "SHA512", true, "rsassaPss")]
    public async Task Openssl_verifies_a_certificate_of_every_key_and_scheme(string kind, string? hash, bool pss, string algorithm)
    {
        var (root, authority) = Authority(kind, hash, pss);
        var certificate = await Make.IssueAsync(authority, Make.Draft());

        Assert.Contains(": OK", await OpenSsl.VerifyAsync(root, certificate));
        Assert.Contains($"Signature Algorithm: {algorithm}", await OpenSsl.PrintAsync(certificate));
    }

    // RFC 4055 3.1: the mask has the same hash, and the salt is as long as the hash.
    [Theory]
    [InlineData("SHA256", "sha256", "0x20")]
    [InlineData("SHA384", "sha384", "0x30")]
    [InlineData("SHA512", "sha512", "0x40")]
    public async Task Pss_parameters_name_hash_mask_and_salt(string hash, string printed, string salt)
    {
        var (_, authority) = Authority("rsa2048", hash, pss: true);
        var text = await OpenSsl.PrintAsync(await Make.IssueAsync(authority, Make.Draft()));

        Assert.Contains($"Hash Algorithm: {printed}", text);
        Assert.Contains($"Mask Algorithm: mgf1 with {printed}", text);
        Assert.Contains($"Salt Length: {salt}", text);
    }

    // RFC 5280 4.2.1.1: the keyIdentifier of the issuer, and only that, so that a cross-certified issuer fits as well.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_authority_key_identifier_is_the_key_identifier_alone(bool issuerHasOne)
    {
        var (root, authority) = Authority("p256", withKeyIdentifier: issuerHasOne);
        var certificate = await Make.IssueAsync(authority, Make.Draft());
        var extension = Assert.Single(certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>());

        Assert.False(extension.Critical);
        Assert.Equal(new X509SubjectKeyIdentifierExtension(root.PublicKey, false).SubjectKeyIdentifierBytes.ToArray(), extension.KeyIdentifier!.Value.ToArray());
        Assert.Null(extension.NamedIssuer);
        Assert.Null(extension.SerialNumber);
    }

    // RFC 5280 4.1.2.5: through 2049 UTCTime, from 2050 on GeneralizedTime without fractions.
    [Theory]
    [InlineData("2049-12-31T23:59:59Z", UniversalTagNumber.UtcTime)]
    [InlineData("2050-01-01T00:00:00Z", UniversalTagNumber.GeneralizedTime)]
    [InlineData("2050-01-01T00:30:00+01:00", UniversalTagNumber.UtcTime)]
    [InlineData("2049-12-31T23:30:00-01:00", UniversalTagNumber.GeneralizedTime)]
    public async Task Times_change_their_type_with_the_year_2050(string end, UniversalTagNumber type)
    {
        var (_, authority) = Authority("p256");
        var notAfter = DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture);
        var certificate = await Make.IssueAsync(authority, Make.Draft() with { NotAfter = notAfter });

        Assert.Equal(notAfter.UtcDateTime, certificate.NotAfter.ToUniversalTime());
        var validity = ReadTbs(certificate, skip: 4).ReadSequence();
        Assert.Equal((int)UniversalTagNumber.UtcTime, validity.PeekTag().TagValue);
        validity.ReadEncodedValue();
        Assert.Equal((int)type, validity.PeekTag().TagValue);
    }

    // RFC 5280 4.1.2.2: positive, at most 20 octets.
    [Theory]
    [InlineData("7fffffffffffffffffffffffffffffffffffffff")]
    [InlineData("0000000000000000000000000000000000000001")]
    [InlineData("0012345678901234567890123456789012345678")]
    [InlineData("00f2345678901234567890123456789012345678")]
    public async Task A_serial_number_is_encoded_as_the_number_that_it_is(string hex)
    {
        var (_, authority) = Authority("p256");
        var certificate = await Make.IssueAsync(authority, Make.Draft(serial: Convert.FromHexString(hex)));

        Assert.Equal(hex.TrimStart('0'), certificate.SerialNumber.TrimStart('0'), ignoreCase: true);
        Assert.InRange(ReadTbs(certificate, skip: 1).ReadIntegerBytes().Length, 1, 20);
    }

    [Theory]
    [InlineData("8000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000")]
    [InlineData("010000000000000000000000000000000000000000")]
    public async Task A_serial_number_that_is_zero_or_too_long_is_not_issued(string hex)
    {
        var (_, authority) = Authority("p256");
        var fault = await Assert.ThrowsAsync<AuthorityUnavailableException>(
            () => authority.IssueAsync(Make.Draft(serial: Convert.FromHexString(hex)), default).AsTask());
        Assert.False(fault.MayHaveIssued);
    }

    [Fact]
    public async Task The_extensions_stand_as_drafted_after_the_authority_key_identifier()
    {
        var (_, authority) = Authority("p256");
        var draft = Make.Draft();
        var certificate = await Make.IssueAsync(authority, draft);

        Assert.Equal(["2.5.29.35", .. draft.Extensions.Select(extension => extension.Oid!.Value!)], certificate.Extensions.Select(extension => extension.Oid!.Value!));
        Assert.True(certificate.Extensions["2.5.29.15"]!.Critical);
        Assert.Equal(3, certificate.Version);
        Assert.Equal(draft.Subject.RawData, certificate.SubjectName.RawData);
    }

    [Fact]
    public async Task A_key_that_faults_leaves_no_certificate_so_the_next_member_may_be_asked()
    {
        var (_, authority) = Authority("p256");
        authority.Fault = new IOException("session lost");
        var fault = await Assert.ThrowsAsync<AuthorityUnavailableException>(() => authority.IssueAsync(Make.Draft(), default).AsTask());
        Assert.False(fault.MayHaveIssued);
        Assert.Contains("session lost", fault.Message);
    }

    [Fact]
    public async Task A_key_proves_itself()
    {
        var (_, authority) = Authority("p384");
        await authority.ProbeAsync(default);
    }

    [Fact]
    public async Task A_foreign_key_does_not_prove_itself()
    {
        using var own = Make.Key("p384");
        using var foreign = Make.Key("p384");
        var root = Make.Root(own);
        var authority = new TestAuthority(new AuthorityCertificates(root, [root]), SignatureScheme.For(root), foreign);
        var fault = await Assert.ThrowsAsync<CryptographicException>(() => authority.ProbeAsync(default).AsTask());
        Assert.Contains("does not belong", fault.Message);
    }

    private static (X509Certificate2 Root, TestAuthority Authority) Authority(
        string kind, string? hash = null, bool pss = false, bool withKeyIdentifier = true)
    {
        var key = Make.Key(kind);
        var root = Make.Root(key, withKeyIdentifier: withKeyIdentifier);
        var scheme = SignatureScheme.For(root, hash is null ? null : new HashAlgorithmName(hash), pss);
        return (root, new TestAuthority(new AuthorityCertificates(root, [root]), scheme, key));
    }

    private static AsnReader ReadTbs(X509Certificate2 certificate, int skip)
    {
        var tbs = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        for (; skip > 0; skip--) tbs.ReadEncodedValue();
        return tbs;
    }
}
