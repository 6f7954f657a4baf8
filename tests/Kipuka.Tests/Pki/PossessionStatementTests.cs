using Kipuka.Pki;

namespace Kipuka.Tests.Pki;

public class PossessionStatementTests
{
    private static readonly byte[] Issuer = DistinguishedName.Create((Oids.CommonName, "CA")).Raw.ToArray();

    [Fact]
    public void It_names_a_certificate_by_issuer_and_serial_number_RFC_9883_section_4()
    {
        var statement = Read(Statement(Issuer, 0x1234))!;
        Assert.Equal("1234", statement.SerialHex);
        Assert.Equal("CN=CA", statement.Issuer.Text);
        Assert.Null(statement.Certificate);
        Assert.Null(CertificationRequest.Parse(Samples.Csr()).PossessionStatement);
    }

    [Fact]
    public void Another_certificate_than_the_named_one_is_malformed()
    {
        var carried = CertificateFields.Parse(Certificate(Samples.File("rfc7030/A.4-serverkeygen-cert.der")));
        var own = Samples.Der(w =>
        {
            using var statement = w.PushSequence();
            using (w.PushSequence())
            {
                w.WriteEncodedValue(carried.IssuerRaw.Span);
                w.WriteInteger(carried.SerialNumber.Span);
            }
            w.WriteEncodedValue(carried.Raw.Span);
        });
        Assert.Equal(carried.SerialHex, Read(own)!.Certificate!.SerialHex);
        var other = Samples.Der(w =>
        {
            using var statement = w.PushSequence();
            using (w.PushSequence())
            {
                w.WriteEncodedValue(carried.IssuerRaw.Span);
                w.WriteInteger(7);
            }
            w.WriteEncodedValue(carried.Raw.Span);
        });
        Assert.Contains("carries another", Samples.Refusal(() => Read(other)!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3000")]
    [InlineData("0500")]
    [InlineData("30023000")]
    public void What_is_no_statement_is_malformed(string hex)
        => Assert.Contains("privateKeyPossessionStatement", Samples.Refusal(() => Read(Convert.FromHexString(hex))!), StringComparison.Ordinal);

    private static PossessionStatement? Read(byte[] value) => CertificationRequest.Parse(Samples.Csr((Oids.PossessionStatement, [value]))).PossessionStatement;

    private static byte[] Statement(byte[] issuer, int serial) => Samples.Der(w =>
    {
        using var statement = w.PushSequence();
        using var signer = w.PushSequence();
        w.WriteEncodedValue(issuer);
        w.WriteInteger(serial);
    });

    // The vector is a certs-only message around it.
    private static byte[] Certificate(byte[] message)
    {
        var cms = new System.Security.Cryptography.Pkcs.SignedCms();
        cms.Decode(message);
        return cms.Certificates[0].RawData;
    }
}
