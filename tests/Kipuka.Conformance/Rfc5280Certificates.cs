using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>RFC 5280 section 4 with rulings 14, 40, 41: what stands in a certificate, whatever key the CA has.</summary>
public sealed class Rfc5280Certificates(CaKeyServer server) : IClassFixture<CaKeyServer>
{
    public static TheoryData<string, string> Kinds => CaKeyServer.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    [Requirement("RFC 5280", "6.1", Level.Must, "What is issued verifies in a chain.")]
    [Requirement("NIAP CA PP", "FCS_COP.1", Level.Must, "Certificates are signed with RSA and ECDSA, as another implementation verifies.")]
    public async Task OpenSSL_verifies_strictly_what_a_CA_of_this_kind_issues(string name, string algorithm)
    {
        var certificate = await IssueAsync(name, "CN=strict.example", ["strict.example"]);
        Assert.Equal(algorithm, certificate.SignatureAlgorithm.Value);
        var published = (await server.Kipuka.SendAsync(HttpMethod.Get, $"{name}/cacerts")).Certificate;
        using var folder = new ScratchFolder();
        await File.WriteAllTextAsync(folder["ca.pem"], published.ExportCertificatePem());
        await File.WriteAllTextAsync(folder["leaf.pem"], certificate.ExportCertificatePem());
        var verified = await Tool.RunAsync("openssl", ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", folder["ca.pem"], folder["leaf.pem"]]);
        Assert.True(verified.ExitCode == 0, verified.ToString());
    }

    [Fact]
    [Requirement("RFC 5280", "4.1.2.2", Level.Must, "Serial numbers are positive, unique, and of 20 octets at most.")]
    [Requirement("CA/B BR", "7.1", Level.Must, "Serial numbers have at least 64 random bits.")]
    [Requirement("NIAP CA PP", "FCS_RBG_EXT.1", Level.Must, "Serial numbers are 160 bits from the random generator of the platform.")]
    public async Task Serial_numbers_are_positive_and_of_20_random_bytes()
    {
        var serials = new List<byte[]>();
        for (var i = 0; i < 20; i++)
        {
            serials.Add((await IssueAsync("p256", $"CN=serial-{i}")).SerialNumberBytes.ToArray());
        }
        Assert.All(serials, serial => Assert.InRange(serial.Length, 19, 20));
        Assert.All(serials, serial => Assert.True(serial[0] < 0x80));
        Assert.Contains(serials, serial => serial.Length == 20);
        Assert.Equal(20, serials.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    [Requirement("RFC 5280", "4.1.2.1", Level.Must, "A certificate with extensions is of version 3.")]
    [Requirement("RFC 5280", "4.2", Level.Must, "No extension stands twice.")]
    [Requirement("RFC 5280", "4.2.1.1", Level.Must, "The authority key identifier is the issuer's subject key identifier.")]
    [Requirement("RFC 5280", "4.2.1.2", Level.Should, "End entities' certificates have a subject key identifier, which is not critical.")]
    [Requirement("RFC 5280", "4.2.1.3", Level.Should, "The key usage is critical.")]
    [Requirement("RFC 5280", "4.2.1.6", Level.Must, "A DNS name is in the preferred syntax, an address of 4 or 16 octets.")]
    public async Task The_extensions_are_those_of_the_profile_and_no_others()
    {
        var certificate = await IssueAsync("p256", "CN=profile.example", ["profile.example", "192.0.2.7"]);
        Assert.Equal(3, certificate.Version);
        var found = certificate.Extensions.ToDictionary(extension => extension.Oid!.Value!, extension => extension.Critical);
        Assert.Equal(
            new Dictionary<string, bool>
            {
                ["2.5.29.14"] = false,
                ["2.5.29.15"] = true,
                ["2.5.29.17"] = false,
                ["2.5.29.19"] = true,
                ["2.5.29.35"] = false,
                ["2.5.29.37"] = false,
            }.OrderBy(pair => pair.Key),
            found.OrderBy(pair => pair.Key));
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        var authorityKey = certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single();
        var issuerKey = server.Authority("p256").Certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single();
        Assert.Equal(issuerKey.SubjectKeyIdentifierBytes.ToArray(), authorityKey.KeyIdentifier!.Value.ToArray());
        Assert.Null(authorityKey.RawIssuer);
        Assert.Null(authorityKey.SerialNumber);
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Equal(["profile.example"], names.EnumerateDnsNames());
        Assert.Equal([IPAddress.Parse("192.0.2.7")], names.EnumerateIPAddresses());
    }

    [Fact]
    public async Task Key_usage_is_by_the_type_of_the_key()
    {
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, Usage(await IssueAsync("p256", "CN=ec")));
        Assert.Equal(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, Usage(await IssueAsync("p256", "CN=rsa", key: RSA.Create(2048))));

        static X509KeyUsageFlags Usage(X509Certificate2 certificate) => certificate.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages;
    }

    [Fact]
    [Requirement("RFC 5280", "4.1.2.4", Level.Must, "Names are encoded as UTF8String where other types are not prescribed.")]
    public async Task A_name_that_comes_as_another_string_type_is_issued_as_UTF8String()
    {
        var request = RawCsr.Build(RawCsr.Name("printable", UniversalTagNumber.PrintableString));
        var answer = await server.PostAsync(request, "p256/simpleenroll");
        Assert.Equal(RawCsr.Name("printable"), answer.Certificate.SubjectName.RawData);
    }

    [Fact]
    [Requirement("RFC 5280", "4.2.1.6", Level.Must, "An alternative name is critical where the subject is empty.")]
    public async Task An_alternative_name_is_critical_when_it_is_the_only_name()
    {
        var answer = await server.PostAsync(RawCsr.Build(RawCsr.Sequence(), RawCsr.Extensions(RawCsr.DnsNames(["only.example"]))), "p256/simpleenroll");
        Assert.True(answer.Certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().Critical);
    }

    [Fact]
    public async Task Extensions_that_nobody_allows_are_dropped_and_never_copied()
    {
        using var csr = new Csr("CN=copy", change: request =>
        {
            request.CertificateExtensions.Add(new X509Extension("1.3.6.1.4.1.99999.1", [0x05, 0x00], critical: true));
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(["http://127.0.0.1:1/"], null));
        });
        var certificate = (await server.EnrollAsync(csr, "p256/simpleenroll")).Certificate;
        Assert.DoesNotContain(certificate.Extensions, extension => extension.Oid!.Value is "1.3.6.1.4.1.99999.1" or "1.3.6.1.5.5.7.1.1");
    }

    private async Task<X509Certificate2> IssueAsync(string label, string subject, string[]? dns = null, AsymmetricAlgorithm? key = null)
    {
        using var csr = new Csr(subject, dns, key);
        var answer = await server.EnrollAsync(csr, $"{label}/simpleenroll");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        return answer.Certificate;
    }
}
