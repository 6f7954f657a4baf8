using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>RFC 5280 section 4.1.2.5: how the two ends of a validity are written.</summary>
public sealed class Rfc5280Times(Rfc5280Times.Server server) : IClassFixture<Rfc5280Times.Server>
{
    public sealed class Server : EstServer
    {
        protected override ServerSetup Setup
        {
            get
            {
                using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                var request = new CertificateRequest("CN=Long Root", key, HashAlgorithmName.SHA256);
                request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
                request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
                request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
                using var root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(60));
                return new ServerSetup
                {
                    Files = new Dictionary<string, string> { ["long.pem"] = root.ExportCertificatePem(), ["long-key.pem"] = key.ExportPkcs8PrivateKeyPem() },
                    More = """
                        [[est.label]]
                        name = "long"
                        ca_id = "long"
                        require_san = false
                        [[ca]]
                        id = "long"
                        cert = "long.pem"
                        key = "long-key.pem"
                        max_validity_days = 20000
                        """,
                };
            }
        }
    }

    [Theory]
    [InlineData(2049, UniversalTagNumber.UtcTime)]
    [InlineData(2051, UniversalTagNumber.GeneralizedTime)]
    [Requirement("RFC 5280", "4.1.2.5", Level.Must, "Dates are UTCTime through 2049 and GeneralizedTime from 2050 on, in UTC and to the second.")]
    public async Task Dates_change_their_type_in_2050(int year, UniversalTagNumber type)
    {
        var days = (int)(new DateTimeOffset(year, 7, 1, 0, 0, 0, TimeSpan.Zero) - DateTimeOffset.UtcNow).TotalDays;
        using var csr = new Csr($"CN=until-{year}", change: Requests.Validity(days));
        var answer = await server.EnrollAsync(csr, "long/simpleenroll");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        Assert.Equal(year, answer.Certificate.NotAfter.ToUniversalTime().Year);
        var (notBefore, notAfter) = Times(answer.Certificate.RawData);
        Assert.Equal((UniversalTagNumber.UtcTime, 13), ((UniversalTagNumber)notBefore.Tag.TagValue, notBefore.Length));
        Assert.Equal((type, type == UniversalTagNumber.UtcTime ? 13 : 15), ((UniversalTagNumber)notAfter.Tag.TagValue, notAfter.Length));
    }

    private static ((Asn1Tag Tag, int Length) NotBefore, (Asn1Tag Tag, int Length) NotAfter) Times(byte[] certificate)
    {
        var fields = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        fields.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
        fields.ReadInteger();
        fields.ReadSequence();
        fields.ReadSequence();
        var validity = fields.ReadSequence();
        return (Next(), Next());

        (Asn1Tag, int) Next()
        {
            var tag = validity.PeekTag();
            var text = System.Text.Encoding.ASCII.GetString(validity.PeekContentBytes().Span);
            Assert.EndsWith("Z", text, StringComparison.Ordinal);
            validity.ReadEncodedValue();
            return (tag, text.Length);
        }
    }
}
