using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>Rulings 39 and 40: <c>profile_rules = "cabf"</c>, each rule with a twin at the same label that differs in nothing else.</summary>
public sealed class Cabf(Cabf.Server server) : IClassFixture<Cabf.Server>
{
    private const string Name = "www.example.com";

    public sealed class Server : EstServer
    {
        protected override ServerSetup Setup => new()
        {
            Ca = "validity_days = 3000\nmax_validity_days = 3000",
            More = """
                [[est.label]]
                name = "public"
                ca_id = "default"
                profile_rules = "cabf"
                allow_wildcards = true
                require_san = false
                allowed_ext_key_usage = ["emailProtection"]
                certificate_policies = ["2.23.140.1.2.1"]
                [[est.label]]
                name = "private"
                ca_id = "default"
                require_san = false
                [[est.label]]
                name = "clients"
                ca_id = "default"
                profile_rules = "cabf"
                required_ext_key_usage = ["clientAuth"]
                certificate_policies = ["2.23.140.1.2.1"]
                """,
        };
    }

    [Fact]
    [Requirement("CA/B BR", "6.3.2", Level.Must, "A certificate lives no longer than the dated schedule allows.")]
    public async Task Section_6_3_2_a_certificate_lives_as_long_as_the_dated_schedule_allows()
    {
        var issued = await GrantedAsync("public", new Csr($"CN={Name}", [Name]));
        var now = DateTime.UtcNow;
        var days = now < new DateTime(2026, 3, 15) ? 398 : now < new DateTime(2027, 3, 15) ? 200 : now < new DateTime(2029, 3, 15) ? 100 : 47;
        Assert.Equal(TimeSpan.FromDays(days), issued.NotAfter - issued.NotBefore + TimeSpan.FromSeconds(1));
        Assert.True((await GrantedAsync("private", new Csr($"CN={Name}", [Name]))).NotAfter > DateTime.UtcNow.AddDays(399));
    }

    [Fact]
    [Requirement("CA/B BR", "6.1.5", Level.Must, "Keys are RSA of at least 2048 bits, P-256 or P-384.")]
    public async Task Section_6_1_5_keys_are_RSA_P256_or_P384()
    {
        await RefusedAsync("key-type", new Csr("", [Name], ECDsa.Create(ECCurve.NamedCurves.nistP521)));
        await GrantedAsync("public", new Csr("", [Name], ECDsa.Create(ECCurve.NamedCurves.nistP384)));
        await GrantedAsync("public", new Csr("", [Name], RSA.Create(2048)));
    }

    [Fact]
    [Requirement("CA/B BR", "7.1.2.7.12", Level.Must, "There is an alternative name, and all of them are DNS names or addresses.")]
    public async Task Section_7_1_2_7_12_an_alternative_name_is_required_whatever_the_label_says()
    {
        await RefusedAsync("san-required", new Csr($"CN={Name}"));
        await GrantedAsync("private", new Csr($"CN={Name}"));
    }

    [Fact]
    [Requirement("CA/B BR", "7.1.2.7.12", Level.Must, "There is an alternative name, and all of them are DNS names or addresses.")]
    public async Task Section_7_1_2_7_12_alternative_names_are_DNS_names_and_addresses()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Name);
        names.AddEmailAddress("me@example.com");
        await RefusedAsync("san-type", new Csr("", change: request => request.CertificateExtensions.Add(names.Build())));
        await GrantedAsync("public", new Csr("", [Name, "8.8.8.8", "*.example.com"]));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("10.0.0.1")]
    [InlineData("192.168.7.7")]
    [InlineData("fe80::1")]
    [Requirement("CA/B BR", "4.2.2", Level.Must, "No internal names and reserved addresses.")]
    public async Task Section_4_2_2_names_that_are_not_of_the_public_internet_are_refused(string name)
    {
        await RefusedAsync("internal-name", new Csr("", [Name, name]));
        await GrantedAsync("private", new Csr("", [Name, name]));
    }

    [Fact]
    [Requirement("CA/B BR", "7.1.4", Level.Must, "A common name is one of the alternative names, and no organizational unit stands in the subject.")]
    public async Task Section_7_1_4_a_common_name_is_one_of_the_alternative_names_and_there_is_no_organizational_unit()
    {
        await RefusedAsync("cn-not-in-san", new Csr("CN=other.example.com", [Name]));
        await RefusedAsync("subject-attribute", new Csr($"CN={Name},OU=Sales", [Name]));
        await GrantedAsync("public", new Csr($"CN={Name},O=Acme,C=DE", [Name]));
    }

    [Fact]
    [Requirement("CA/B BR", "7.1.4.2", Level.Must, "A country is a code of two letters.")]
    public async Task Section_7_1_4_2_a_country_has_two_letters()
    {
        await RefusedAsync("country", new Csr($"CN={Name}", [Name], change: null), RawCsr.Build(
            RawCsr.Sequence(RawCsr.Set(RawCsr.Sequence(RawCsr.Oid("2.5.4.6"), RawCsr.Tlv(0x13, "DEU"u8.ToArray())))), RawCsr.Extensions(RawCsr.DnsNames([Name]))));
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(
            RawCsr.Build(
                RawCsr.Sequence(RawCsr.Set(RawCsr.Sequence(RawCsr.Oid("2.5.4.6"), RawCsr.Tlv(0x13, "DE"u8.ToArray())))), RawCsr.Extensions(RawCsr.DnsNames([Name]))),
            "public/simpleenroll")).Status);
    }

    [Fact]
    [Requirement("CA/B BR", "7.1.2.7.10", Level.Must, "The extended key usage is serverAuth, with clientAuth at most.")]
    public async Task Section_7_1_2_7_10_usages_are_serverAuth_and_at_most_clientAuth_besides()
    {
        await RefusedAsync("eku", new Csr("", [Name], change: Requests.Usages("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.4")));
        await GrantedAsync("public", new Csr("", [Name], change: Requests.Usages("1.3.6.1.5.5.7.3.1")));
        await RefusedAsync("eku", new Csr("", [Name]), label: "clients");
    }

    private async Task<X509Certificate2> GrantedAsync(string label, Csr csr)
    {
        using var used = csr;
        var answer = await server.EnrollAsync(csr, $"{label}/simpleenroll");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        return answer.Certificate;
    }

    private async Task RefusedAsync(string code, Csr csr, byte[]? instead = null, string label = "public")
    {
        using var used = csr;
        var answer = await server.PostAsync(instead ?? csr.Der, $"{label}/simpleenroll");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith(code, answer.Text, StringComparison.Ordinal);
        Assert.Contains("profile_rules", answer.Text, StringComparison.Ordinal);
    }
}
