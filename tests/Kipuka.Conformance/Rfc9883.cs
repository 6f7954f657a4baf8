using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>RFC 9883 with RFC 9935: a key that cannot sign is certified on the word of the same subject's signature certificate.</summary>
public sealed class Rfc9883(Rfc9883.Server server) : IClassFixture<Rfc9883.Server>
{
    private const string Statement = "1.3.6.1.4.1.22112.2.1";

    public sealed class Server : EstServer
    {
        public TestAuthority Bootstrap { get; } = new("Manufacturer");

        protected override ServerSetup Setup => new()
        {
            ClientAuth = "[tls.client_auth]\nmode = \"optional\"\ntrust_anchors = [\"ca.pem\", \"bootstrap.pem\"]\n",
            Files = new Dictionary<string, string> { ["bootstrap.pem"] = Bootstrap.CertificatePem },
            More = """
                [[est.label]]
                name = "kem"
                ca_id = "default"
                require_san = false
                allowed_key_types = ["ml-kem-768", "ml-kem-1024"]
                [[est.label]]
                name = "any"
                ca_id = "default"
                require_san = false
                """,
        };
    }

    [Theory]
    [InlineData("2.16.840.1.101.3.4.4.1", 800)]
    [InlineData("2.16.840.1.101.3.4.4.2", 1184)]
    [InlineData("2.16.840.1.101.3.4.4.3", 1568)]
    [Requirement("RFC 9935", "5", Level.Must, "The certificate of an ML-KEM key has no key usage but keyEncipherment.")]
    public async Task The_certificate_has_the_key_and_no_usage_but_keyEncipherment_RFC_9935_section_5(string oid, int length)
    {
        using var holder = await DeviceAsync("CN=kem");
        var key = KemKey(oid, length);
        var issued = (await PostAsync(Build("CN=kem", key, holder))).Certificate;
        Assert.Equal(key, issued.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.Equal(X509KeyUsageFlags.KeyEncipherment, issued.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
    }

    [Fact]
    [Requirement("RFC 9883", "4", Level.Must, "The signature of the request is by the key of the certificate that the statement names.")]
    public async Task Without_a_statement_the_key_cannot_be_proven()
    {
        using var holder = await DeviceAsync("CN=kem");
        await RefusedAsync("privateKeyPossessionStatement", Build("CN=kem", KemKey(), holder, state: false));
        await GrantedAsync(Build("CN=kem", KemKey(), holder));
    }

    [Fact]
    [Requirement("RFC 9883", "4", Level.Must, "The signature of the request is by the key of the certificate that the statement names.")]
    public async Task The_signature_must_be_by_the_key_of_the_named_certificate()
    {
        using var holder = await DeviceAsync("CN=kem");
        using var thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await RefusedAsync("not signed with the key", Build("CN=kem", KemKey(), holder, signer: thief));
    }

    [Fact]
    [Requirement("RFC 9883", "4", Level.Must, "Subject and alternative names are those of the named certificate.")]
    public async Task The_named_certificate_must_be_of_the_same_subject_and_have_the_names_that_are_asked()
    {
        using var holder = await DeviceAsync("CN=kem", "kem.example");
        await RefusedAsync("another subject", Build("CN=other", KemKey(), holder));
        await RefusedAsync("alternative name", Build("CN=kem", KemKey(), holder, dns: "other.example"));
        await GrantedAsync(Build("CN=kem", KemKey(), holder, dns: "kem.example"));
    }

    [Fact]
    [Requirement("RFC 9883", "4", Level.Must, "The named certificate is valid and trusted.")]
    public async Task A_revoked_certificate_states_nothing()
    {
        using var holder = await DeviceAsync("CN=revoked");
        await GrantedAsync(Build("CN=revoked", KemKey(), holder));
        var (status, _, text) = await server.Kipuka.AdminAsync(HttpMethod.Post, $"certs/{holder.SerialNumber}/revoke", new { reason = "keyCompromise" });
        Assert.True(status == HttpStatusCode.OK, text);
        await RefusedAsync("revoked", Build("CN=revoked", KemKey(), holder));
    }

    [Fact]
    [Requirement("RFC 9883", "4", Level.Must, "The named certificate is valid and trusted.")]
    public async Task A_certificate_of_others_counts_when_it_is_the_clients_own_on_this_connection()
    {
        using var foreign = server.Bootstrap.Issue("CN=foreign");
        var csr = Build("CN=foreign", KemKey(), foreign);
        await RefusedAsync("not issued here", csr);
        var answer = await server.Kipuka.SendAsync(HttpMethod.Post, "any/simpleenroll", csr, "application/pkcs10", null, foreign);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
    }

    [Fact]
    public async Task A_key_that_can_sign_signs_for_itself()
    {
        using var holder = await DeviceAsync("CN=kem");
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await RefusedAsync("signs for itself", Build("CN=kem", other.ExportSubjectPublicKeyInfo(), holder));
    }

    [Fact]
    public async Task A_key_with_a_coefficient_out_of_range_is_refused_FIPS_203_section_7_2()
    {
        using var holder = await DeviceAsync("CN=kem");
        var key = KemKey();
        var bad = key.ToArray();
        // The first two bytes of the key are the first coefficient and half of the second: 0xFFF is 4095.
        bad[^1184] = 0xFF;
        bad[^1183] |= 0x0F;
        await RefusedAsync("coefficient", Build("CN=kem", bad, holder));
        await GrantedAsync(Build("CN=kem", key, holder));
    }

    [Fact]
    public async Task allowed_key_types_decides_about_these_keys_too()
    {
        using var holder = await DeviceAsync("CN=kem");
        var answer = await server.PostAsync(Build("CN=kem", KemKey("2.16.840.1.101.3.4.4.1", 800), holder), "kem/simpleenroll");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("ml-kem-768", answer.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(Build("CN=kem", KemKey(), holder), "kem/simpleenroll")).Status);
    }

    private Task<EstAnswer> PostAsync(byte[] csr) => server.PostAsync(csr, "any/simpleenroll");

    private async Task GrantedAsync(byte[] csr)
    {
        var answer = await PostAsync(csr);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
    }

    private async Task RefusedAsync(string why, byte[] csr)
    {
        var answer = await PostAsync(csr);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(why, answer.Text, StringComparison.Ordinal);
    }

    private async Task<X509Certificate2> DeviceAsync(string subject, params string[] dns)
    {
        using var csr = new Csr(subject, dns.Length > 0 ? dns : null);
        var answer = await server.EnrollAsync(csr, "any/simpleenroll");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        return TestAuthority.WithKey(answer.Certificate, csr.Key);
    }

    // Random coefficients below q, then a random seed: what every valid key looks like.
    private static byte[] KemKey(string oid = "2.16.840.1.101.3.4.4.2", int length = 1184)
    {
        var key = RandomNumberGenerator.GetBytes(length);
        for (var at = 0; at < length - 32; at += 3)
        {
            var (first, second) = (RandomNumberGenerator.GetInt32(3329), RandomNumberGenerator.GetInt32(3329));
            key[at] = (byte)first;
            key[at + 1] = (byte)((first >> 8) | (second << 4));
            key[at + 2] = (byte)(second >> 4);
        }
        var info = new AsnWriter(AsnEncodingRules.DER);
        using (info.PushSequence())
        {
            using (info.PushSequence()) info.WriteObjectIdentifier(oid);
            info.WriteBitString(key);
        }
        return info.Encode();
    }

    private static byte[] Build(string subject, byte[] key, X509Certificate2 holder, bool state = true, ECDsa? signer = null, string? dns = null)
    {
        var serial = holder.SerialNumberBytes.ToArray();
        var named = RawCsr.Sequence(RawCsr.Sequence(holder.IssuerName.RawData, RawCsr.Tlv(0x02, serial)));
        List<byte[]> attributes = [];
        if (state) attributes.Add(RawCsr.Sequence(RawCsr.Oid(Statement), RawCsr.Set(named)));
        if (dns is not null) attributes.Add(RawCsr.Extensions(RawCsr.DnsNames([dns])));
        var info = RawCsr.Sequence(RawCsr.Integer(0), new X500DistinguishedName(subject).RawData, key, RawCsr.Tagged(0, [.. attributes.OrderBy(Convert.ToHexString, StringComparer.Ordinal)]));
        using var own = holder.GetECDsaPrivateKey();
        var signature = new AsnWriter(AsnEncodingRules.DER);
        signature.WriteBitString((signer ?? own!).SignData(info, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        return RawCsr.Sequence(info, RawCsr.Sequence(RawCsr.Oid("1.2.840.10045.4.3.2")), signature.Encode());
    }
}
