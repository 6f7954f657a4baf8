using System.Text;
using Kipuka.Pki;

namespace Kipuka.Tests.Pki;

public class PemTests // RFC 7468
{
    private static readonly byte[] Der = Samples.SelfSigned("CN=x").RawData;
    private static readonly string Armoured = Pem.Write("CERTIFICATE", Der);

    [Fact]
    public void Certificate_written_is_read_by_us_and_by_the_platform()
    {
        Assert.Equal(Der, Assert.Single(Read(Armoured)).ToArray());
        Assert.Equal(Der, System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(Armoured).RawData);
    }

    [Fact]
    public void Bundle_with_comments_other_blocks_and_CRLF_gives_its_certificates_in_order()
    {
        var other = Samples.SelfSigned("CN=y").RawData;
        var text = "# the device CA\n" + Armoured + Pem.Write("PRIVATE KEY", [1, 2]) + "subject=y\n" + Pem.Write("CERTIFICATE", other);
        Assert.Equal([Der, other], Read(text.Replace("\n", "\r\n", StringComparison.Ordinal)).Select(c => c.ToArray()));
    }

    [Fact]
    public void DER_file_is_one_certificate() => Assert.Equal(Der, Assert.Single(Pem.ReadCertificates(Der, "ca.der")).ToArray());

    [Fact]
    public void Request_in_armour_is_told_from_one_in_DER()
    {
        var csr = Samples.Csr();
        Assert.True(Pem.IsPem(Encoding.ASCII.GetBytes(Pem.Write("CERTIFICATE REQUEST", csr))));
        Assert.False(Pem.IsPem(csr));
        Assert.False(Pem.IsPem([]));
        var block = Assert.Single(Pem.Read(Encoding.ASCII.GetBytes(Pem.Write("NEW CERTIFICATE REQUEST", csr))));
        Assert.Equal(("NEW CERTIFICATE REQUEST", Convert.ToHexString(csr)), (block.Label, Convert.ToHexString(block.Der.Span)));
    }

    [Fact]
    public void Error_names_the_file_and_what_is_wrong_with_it()
    {
        Assert.Equal("ca.pem is empty", Refusal(""));
        Assert.Equal("ca.pem: neither PEM nor DER", Refusal("hello"));
        Assert.Equal("ca.pem: no certificate, only PRIVATE KEY", Refusal(Pem.Write("PRIVATE KEY", [1, 2])));
        Assert.Equal("ca.pem: a PEM block has no end", Refusal("-----BEGIN CERTIFICATE-----\nAAAA"));
        Assert.Equal("ca.pem: a PEM block does not end as it began", Refusal("-----BEGIN CERTIFICATE-----\nAAAA\n-----END KEY-----\n"));
        Assert.Equal("ca.pem: the PEM block KEY is not base64", Refusal("-----BEGIN KEY-----\nA!\n-----END KEY-----\n"));
        Assert.Equal("ca.pem: certificate 2: malformed DER in the certificate", Refusal(Armoured + Pem.Write("CERTIFICATE", [0x30])));
        var cut = Der.AsMemory(0, 99);
        Assert.Equal("ca.pem: malformed DER in the certificate", Samples.Refusal(() => Pem.ReadCertificates(cut, "ca.pem")));
    }

    private static IReadOnlyList<ReadOnlyMemory<byte>> Read(string text) => Pem.ReadCertificates(Encoding.ASCII.GetBytes(text), "ca.pem");

    private static string Refusal(string text) => Samples.Refusal(() => Read(text));
}
