using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;
using Kipuka.Pki.Cmc;

namespace Kipuka.Tests.Pki.Cmc;

/// <summary>PKIData, its controls and its CRMF requests, as Bouncy Castle writes them.</summary>
public sealed class PkiDataTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_part_is_read()
    {
        var data = Data("full");
        Assert.Equal([(1u, TaggedRequestKind.Pkcs10), (2u, TaggedRequestKind.Crmf), (3u, TaggedRequestKind.Other)], data.Requests.Select(one => (one.BodyPart, one.Kind)));
        Assert.Equal(9, data.Controls.Count);
        Assert.True(CertificationRequest.Parse(data.Requests[0].Value).VerifySignature());
    }

    [Fact]
    public void Every_control_finds_its_place()
    {
        var orders = RequestOrders.Read(Data("full"));
        Assert.Equal("02021267", Convert.ToHexString(orders.TransactionId!.Value.Span));
        Assert.Equal("7777777777", Convert.ToHexString(orders.SenderNonce!.Value.Span));
        Assert.Equal("CAFE", Convert.ToHexString(Assert.Single(orders.DataReturn).Span));
        Assert.Equal([1u, 2u], Assert.Single(orders.Witnesses).Requests);
        var revocation = Assert.Single(orders.Revocations);
        Assert.Equal((8u, "1234", X509RevocationReason.KeyCompromise, true), (revocation.BodyPart, revocation.Certificate.SerialHex, revocation.Reason, revocation.HasSharedSecret));
        Assert.Equal("CN=Vector CA", revocation.Certificate.Issuer.Text);
        Assert.Equal((9u, "1234"), (Assert.Single(orders.Lookups).Part, orders.Lookups[0].Certificate.SerialHex));
        Assert.Equal((10u, "1235"), (Assert.Single(orders.Confirmations).Part, orders.Confirmations[0].Certificate.SerialHex));
        Assert.Equal(CmcStatus.NoSupport, Assert.Single(orders.Unserved).Status);
        Assert.Equal((CmcFailure.BadRequest, 12u), (Assert.Single(orders.Fatal).Failure!.Value, orders.Fatal[0].BodyParts.Single()));
    }

    [Fact]
    public void A_CRMF_request_is_read_and_its_signature_checked()
    {
        var request = CertificateMessage.Parse(Data("full").Requests[1].Value, Now);
        Assert.Equal("CN=crm", request.Subject.Text);
        Assert.Equal("DNS:crm.example", request.Requested.SubjectAltName!.Text);
        Assert.Null(request.RequestedValidity);
        Assert.True(request.VerifySignature());
        Assert.True(ProvenRequest.Prove(request, requirePossession: true).PossessionProven);
    }

    [Fact]
    public void What_an_authority_attests_is_read_and_not_believed_by_itself()
    {
        var request = Crmf("crmf-ra");
        Assert.IsType<CrmfPossession.RaVerified>(request.Possession);
        Assert.Equal("1234", request.Controls.OldCertificate!.SerialHex);
        Assert.Equal(TimeSpan.FromDays(10), request.RequestedValidity);
        Assert.False(request.VerifySignature());
        Assert.Throws<PossessionException>(() => ProvenRequest.Prove(request, requirePossession: true));
        Assert.IsType<CrmfPossession.Absent>(Crmf("crmf-none").Possession);
    }

    [Theory]
    [InlineData("crmf-encipher", "keyEncipherment")]
    [InlineData("crmf-regtoken", "regToken")]
    public void What_is_not_taken_is_refused_by_name(string file, string name)
        => Assert.Contains(name, Samples.Refusal(() => Crmf(file)), StringComparison.Ordinal);

    /// <summary>RFC 5272 3.2.1.2.2: POPOSigningKeyInput MUST NOT be used.</summary>
    [Fact]
    public void A_poposkInput_is_refused_by_name()
    {
        var plain = Data("crmf-none").Requests[0].Value;
        var inner = new System.Formats.Asn1.AsnReader(plain, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence().ReadEncodedValue();
        var message = Samples.Der(writer =>
        {
            using var sequence = writer.PushSequence();
            writer.WriteEncodedValue(inner.Span);
            using var signed = writer.PushSequence(new(System.Formats.Asn1.TagClass.ContextSpecific, 1));
            using (writer.PushSequence(new(System.Formats.Asn1.TagClass.ContextSpecific, 0))) writer.WriteNull();
            using (writer.PushSequence()) writer.WriteObjectIdentifier(Oids.EcdsaWithSha256);
            writer.WriteBitString([1]);
        });
        Assert.Contains("poposkInput", Samples.Refusal(() => CertificateMessage.Parse(message, Now)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, "occurs twice")]
    [InlineData(7, 7, "occurs twice")]
    public void Body_parts_differ_and_none_is_zero(int first, int second, string said)
    {
        var data = Samples.Der(writer =>
        {
            using var sequence = writer.PushSequence();
            using (writer.PushSequence())
            {
                foreach (var part in (int[])[first, second])
                {
                    using var control = writer.PushSequence();
                    writer.WriteInteger(part);
                    writer.WriteObjectIdentifier("1.2.3.4");
                    using var values = writer.PushSetOf();
                }
            }
            for (var list = 0; list < 3; list++)
            {
                using var empty = writer.PushSequence();
            }
        });
        Assert.Contains(said, Samples.Refusal(() => PkiData.Parse(data)), StringComparison.Ordinal);
    }

    private static PkiData Data(string file) => PkiData.Parse(SignedMessageTests.Read(file).Content);

    private static CertificateMessage Crmf(string file) => CertificateMessage.Parse(Data(file).Requests[0].Value, Now);
}
