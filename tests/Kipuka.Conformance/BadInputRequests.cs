using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>Well-formed bodies whose request must not be fulfilled; each with a twin that differs only in that and is.</summary>
public sealed class BadInputRequests(EstServer server) : IClassFixture<EstServer>
{
    private static readonly byte[] San = RawCsr.DnsNames(["a.example"]);

    [Fact]
    [Requirement("RFC 2986", "3", Level.Must, "A request is fulfilled only if its signature holds under the key in it.")]
    public async Task A_signature_that_is_wrong_is_400()
    {
        using var csr = new Csr("CN=signature");
        var broken = csr.Der.ToArray();
        broken[^1] ^= 1;
        await RefusesAsync(broken, csr.Der, "possession");
    }

    [Fact]
    [Requirement("RFC 2986", "3", Level.Must, "A request is fulfilled only if its signature holds under the key in it.")]
    public async Task A_request_signed_by_another_key_is_400()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName("CN=other-key"), key, HashAlgorithmName.SHA256);
        var foreign = request.CreateSigningRequest(X509SignatureGenerator.CreateForECDsa(other));
        await RefusesAsync(foreign, request.CreateSigningRequest(), "possession");
    }

    [Fact]
    [Requirement("CA/B BR", "6.1.5", Level.Must, "Keys are RSA of at least 2048 bits, P-256 or P-384.")]
    public async Task RSA_with_1024_bits_is_400()
    {
        using var weak = new Csr("CN=rsa", key: RSA.Create(1024));
        using var strong = new Csr("CN=rsa", key: RSA.Create(2048));
        await RefusesAsync(weak.Der, strong.Der, "key-size");
    }

    [Theory]
    [InlineData("1.3.132.0.10")]
    [InlineData("1.3.36.3.3.2.8.1.1.7")]
    public async Task A_curve_that_is_not_known_here_is_400(string curve)
    {
        using var strange = new Csr("CN=curve", key: ECDsa.Create(ECCurve.CreateFromValue(curve)));
        using var known = new Csr("CN=curve", key: ECDsa.Create(ECCurve.NamedCurves.nistP256));
        await RefusesAsync(strange.Der, known.Der);
    }

    [Fact]
    [Requirement("CA/B BR", "6.1.6", Level.Must, "An EC key is a point of its curve.")]
    public async Task A_point_that_is_not_on_the_curve_is_400()
    {
        using var csr = new Csr("CN=point");
        var moved = csr.Der.ToArray();
        var point = ((ECDsa)csr.Key).ExportParameters(false).Q.Y!;
        moved[moved.AsSpan().IndexOf(point) + 5] ^= 0x55;
        await RefusesAsync(moved, csr.Der);
    }

    [Fact]
    [Requirement("RFC 5280", "4.2.1.9", Level.Must, "Nothing that is issued here is a CA's certificate.")]
    public async Task CA_TRUE_is_400()
        => await RefusesAsync(
            Built(change: request => request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true))),
            Built(change: request => request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true))),
            "ca-requested");

    [Theory]
    [InlineData(X509KeyUsageFlags.KeyCertSign)]
    [InlineData(X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.DigitalSignature)]
    [Requirement("RFC 5280", "4.2.1.9", Level.Must, "Nothing that is issued here is a CA's certificate.")]
    public async Task A_key_usage_of_CAs_is_400(X509KeyUsageFlags usage)
        => await RefusesAsync(
            Built(change: request => request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true))),
            Built(change: request => request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true))),
            "ca-requested");

    [Fact]
    [Requirement("RFC 5280", "4.2", Level.Must, "No extension stands twice.")]
    public async Task An_extension_that_stands_twice_is_400()
        => await RefusesAsync(
            RawCsr.Build(RawCsr.Name("twice"), RawCsr.Extensions(San, San)),
            RawCsr.Build(RawCsr.Name("twice"), RawCsr.Extensions(San)));

    [Fact]
    [Requirement("RFC 2985", "5.4.2", Level.Must, "A request has one extensionRequest with one value.")]
    public async Task Extensions_requested_in_two_attributes_are_400()
        => await RefusesAsync(
            RawCsr.Build(RawCsr.Name("two"), RawCsr.Extensions(San), RawCsr.Extensions(San)),
            RawCsr.Build(RawCsr.Name("two"), RawCsr.Extensions(San)));

    [Fact]
    public async Task Three_hundred_alternative_names_are_400()
        => await RefusesAsync(
            RawCsr.Build(RawCsr.Name("many"), RawCsr.Extensions(RawCsr.DnsNames(Enumerable.Range(0, 300).Select(i => $"h{i}.example")))),
            RawCsr.Build(RawCsr.Name("many"), RawCsr.Extensions(RawCsr.DnsNames(Enumerable.Range(0, 30).Select(i => $"h{i}.example")))));

    [Theory]
    [InlineData("device\0.example")]
    [InlineData("device\n.example")]
    [InlineData("device\u0007.example")]
    [InlineData("device\u007f.example")]
    [InlineData("device\u0085.example")]
    public async Task NUL_and_control_characters_in_a_name_are_400(string name)
    {
        await RefusesAsync(RawCsr.Build(RawCsr.Name(name)), RawCsr.Build(RawCsr.Name("device.example")));
        if (name.All(char.IsAscii))
        {
            await RefusesAsync(
                RawCsr.Build(RawCsr.Name("control"), RawCsr.Extensions(RawCsr.DnsNames([name]))),
                RawCsr.Build(RawCsr.Name("control"), RawCsr.Extensions(RawCsr.DnsNames(["device.example"]))));
        }
    }

    [Theory]
    [InlineData("a b.example")]
    [InlineData("-a.example")]
    [InlineData("a..example")]
    [InlineData("*.example")]
    [InlineData("a.*.example")]
    [InlineData("")]
    [InlineData("x\u00e9.example")]
    [Requirement("RFC 5280", "4.2.1.6", Level.Must, "A DNS name is in the preferred syntax, an address of 4 or 16 octets.")]
    public async Task A_DNS_name_that_is_none_is_400(string name)
        => await RefusesAsync(
            RawCsr.Build(RawCsr.Name("dns"), RawCsr.Extensions(RawCsr.DnsNames([name]))),
            RawCsr.Build(RawCsr.Name("dns"), RawCsr.Extensions(RawCsr.DnsNames(["a.example"]))));

    [Fact]
    [Requirement("RFC 5280", "4.1.2.6", Level.Must, "A certificate names something: in its subject, or in an alternative name.")]
    public async Task A_request_that_names_nothing_is_400()
        => await RefusesAsync(RawCsr.Build(RawCsr.Sequence()), RawCsr.Build(RawCsr.Sequence(), RawCsr.Extensions(San)));

    [Fact]
    public async Task A_text_of_a_wrong_encoding_is_400()
        => await RefusesAsync(
            RawCsr.Build(RawCsr.Sequence(RawCsr.Set(RawCsr.Sequence(RawCsr.Oid(RawCsr.CommonName), RawCsr.Tlv((byte)UniversalTagNumber.UTF8String, [0xC3, 0x28]))))),
            RawCsr.Build(RawCsr.Name("\u00e9")));

    [Fact]
    public async Task Nesting_without_end_is_400()
    {
        byte[] deep = [];
        for (var i = 0; i < 5000; i++)
        {
            deep = RawCsr.Sequence(deep);
        }
        await RefusesAsync(deep, Built());
    }

    private static byte[] Built(Action<CertificateRequest>? change = null)
    {
        using var csr = new Csr("CN=twin", ["twin.example"], change: change);
        return csr.Der;
    }

    private async Task RefusesAsync(byte[] bad, byte[] good, string? code = null)
    {
        var answer = await server.PostAsync(Convert.ToBase64String(bad));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("text/plain", answer.ContentHeaders.ContentType?.MediaType);
        Assert.StartsWith(code ?? "", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(answer.Text.TrimEnd('\n'), char.IsControl);
        var twin = await server.PostAsync(Convert.ToBase64String(good));
        Assert.True(twin.Status == HttpStatusCode.OK, twin.ToString());
    }
}
