using System.Formats.Asn1;

namespace Kipuka.Conformance;

/// <summary>RFC 5652 section 5.1 with RFC 5272 section 4.1: the SignedData that carries certificates and is signed by nobody.</summary>
public sealed class Rfc5652(EstServer server) : IClassFixture<EstServer>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC 5272", "4.1", Level.Must, "A certs-only message has no content and no signers, and its certificates.")]
    [Requirement("RFC 5652", "5.1", Level.Must, "A SignedData with certificates alone is of version 1, its content of type id-data.")]
    public async Task A_certs_only_message_is_a_SignedData_with_nothing_but_certificates(bool enrolls)
    {
        using var csr = new Csr("CN=certs-only");
        var answer = enrolls ? await server.EnrollAsync(csr) : await server.Kipuka.SendAsync(HttpMethod.Get, "cacerts");
        var outer = new AsnReader(Convert.FromBase64String(answer.Text), AsnEncodingRules.DER);
        var info = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        Assert.Equal("1.2.840.113549.1.7.2", info.ReadObjectIdentifier());
        var signed = info.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence();
        info.ThrowIfNotEmpty();
        Assert.Equal(1, signed.ReadInteger());
        Assert.False(signed.ReadSetOf().HasData);
        var content = signed.ReadSequence();
        Assert.Equal("1.2.840.113549.1.7.1", content.ReadObjectIdentifier());
        content.ThrowIfNotEmpty();
        var certificates = signed.ReadSetOf(new Asn1Tag(TagClass.ContextSpecific, 0));
        Assert.Equal(answer.Certificate.RawData, certificates.ReadEncodedValue().ToArray());
        certificates.ThrowIfNotEmpty();
        // No CRLs stand between; where they did, this would not be the set of signers.
        Assert.Equal(Asn1Tag.SetOf, signed.PeekTag());
        Assert.False(signed.ReadSetOf().HasData);
        signed.ThrowIfNotEmpty();
    }
}
