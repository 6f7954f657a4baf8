using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>RFC 7030 section 4.2.2 with ruling 33: a certificate is renewed by itself, under the same names.</summary>
public sealed class Rfc7030Reenroll(LabelServer server) : IClassFixture<LabelServer>
{
    [Fact]
    [Requirement("RFC 7030", "4.2.2", Level.May, "A renewal may be for the same key or for a new one.")]
    public async Task A_certificate_is_renewed_with_its_key_or_a_new_one()
    {
        using var device = await DeviceAsync("renew");
        using var sameKey = device.GetECDsaPrivateKey()!;
        using var same = new Csr("CN=renew", ["renew.example"], sameKey);
        var first = await server.Kipuka.EnrollAsync(same, null, device, "plain/simplereenroll");
        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.NotEqual(device.SerialNumber, first.Certificate.SerialNumber);
        await AnswersAsync(HttpStatusCode.OK, device, "plain", "renew");
    }

    [Fact]
    [Requirement("RFC 7030", "4.2.2", Level.Must, "A renewal has the subject and the alternative names of the certificate that is renewed.")]
    [Requirement("RFC 5280", "7.1", Level.Must, "Names are compared without case and needless white space, whatever string type they are in.")]
    public async Task Names_are_compared_decoded_whatever_their_encoding()
    {
        using var device = await DeviceAsync("encoding");
        var printable = RawCsr.Build(
            RawCsr.Name("encoding", UniversalTagNumber.PrintableString), RawCsr.Extensions(RawCsr.DnsNames(["encoding.example"])));
        var answer = await server.Kipuka.SendAsync(HttpMethod.Post, "plain/simplereenroll", Convert.ToBase64String(printable), "application/pkcs10", certificate: device);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        Assert.Equal(device.SubjectName.RawData, answer.Certificate.SubjectName.RawData);
    }

    [Fact]
    [Requirement("RFC 7030", "4.2.2", Level.Must, "A renewal has the subject and the alternative names of the certificate that is renewed.")]
    public async Task Other_names_are_403()
    {
        using var device = await DeviceAsync("names");
        await AnswersAsync(HttpStatusCode.Forbidden, device, "plain", "other", "names.example");
        await AnswersAsync(HttpStatusCode.Forbidden, device, "plain", "names", "other.example");
        await AnswersAsync(HttpStatusCode.OK, device, "plain", "names");
    }

    [Fact]
    public async Task Another_label_is_403_unless_renew_from_lists_it()
    {
        using var device = await DeviceAsync("moved");
        await AnswersAsync(HttpStatusCode.Forbidden, device, "wild", "moved");
        await AnswersAsync(HttpStatusCode.Forbidden, device, "", "moved");
        await AnswersAsync(HttpStatusCode.OK, device, "renew-loose", "moved");
    }

    [Fact]
    public async Task A_foreign_certificate_is_403_unless_renew_foreign_is_on()
    {
        using var device = server.Bootstrap.Issue("CN=foreign", ["foreign.example"]);
        await AnswersAsync(HttpStatusCode.Forbidden, device, "plain", "foreign");
        await AnswersAsync(HttpStatusCode.OK, device, "renew-loose", "foreign");
    }

    [Fact]
    public async Task A_revoked_certificate_is_403()
    {
        using var device = await DeviceAsync("gone");
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.AdminAsync(HttpMethod.Post, "revoke", new { serial = device.SerialNumber, reason = 1 })).Status);
        await AnswersAsync(HttpStatusCode.Forbidden, device, "plain", "gone");
    }

    [Fact]
    public async Task An_expired_certificate_is_401_and_within_expired_grace_days_renewed()
    {
        using var expired = await ExpiredAsync("plain");
        await AnswersAsync(HttpStatusCode.Unauthorized, expired, "plain", "sleeper");
        using var slept = await ExpiredAsync("slept");
        await AnswersAsync(HttpStatusCode.OK, slept, "slept", "sleeper");
        // The grace is for renewing only.
        using var csr = new Csr("CN=sleeper", ["sleeper.example"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Kipuka.EnrollAsync(csr, null, slept, "slept/simpleenroll")).Status);
    }

    [Fact]
    [Requirement("RFC 7030", "4.2.2", Level.Must, "Other names are asked for with ChangeSubjectName only.")]
    public async Task ChangeSubjectName_is_403_unless_allow_subject_change_is_on()
    {
        using var device = await DeviceAsync("before");
        using var csr = new Csr("CN=before", ["before.example"], change: Requests.NewSubject("CN=after"));
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Kipuka.EnrollAsync(csr, null, device, "plain/simplereenroll")).Status);
        var changed = await server.Kipuka.EnrollAsync(csr, null, device, "renew-loose/simplereenroll");
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal("CN=after", changed.Certificate.Subject);
    }

    [Fact]
    [Requirement("RFC 6402", "2.8", Level.Must, "ChangeSubjectName gives new names to who renews under the old ones.")]
    public async Task A_new_subject_is_judged_by_the_labels_policy_as_any_other()
    {
        using var device = await DeviceAsync("before");
        foreach (var (subject, status) in ((string, HttpStatusCode)[])[("CN=router", HttpStatusCode.BadRequest), ("CN=afterwards", HttpStatusCode.OK)])
        {
            using var csr = new Csr("CN=before", ["before.example"], change: Requests.NewSubject(subject));
            var answer = await server.Kipuka.EnrollAsync(csr, null, device, "change/simplereenroll");
            Assert.True(answer.Status == status, answer.ToString());
        }
        // The old names must be right all the same (RFC 6402 section 2.8).
        using var wrong = new Csr("CN=after", ["before.example"], change: Requests.NewSubject("CN=afterwards"));
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Kipuka.EnrollAsync(wrong, null, device, "change/simplereenroll")).Status);
    }

    [Fact]
    public async Task The_grace_ends_after_its_days()
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var (hours, status) in ((int, HttpStatusCode)[])[(23, HttpStatusCode.OK), (25, HttpStatusCode.Unauthorized)])
        {
            using var expired = server.Bootstrap.Issue("CN=late", ["late.example"], notBefore: now.AddHours(-26), notAfter: now.AddHours(-hours));
            await AnswersAsync(status, expired, "slept-foreign", "late");
        }
    }

    [Fact]
    [Requirement("RFC 7030", "4.2.2", Level.Must, "A renewal has the subject and the alternative names of the certificate that is renewed.")]
    public async Task Alternative_names_are_compared_as_sets_of_decoded_names()
    {
        byte[][] names =
        [
            Name(2, "Set.example"), Name(1, "One@set.example"), Name(6, "https://Set.example/Path"), RawCsr.Tlv(0x87, [0x20, 0x01, 0x0d, 0xb8, .. new byte[11], 1]),
        ];
        byte[][] same =
        [
            names[3], Name(6, "HTTPS://set.EXAMPLE/Path"), Name(1, "One@SET.example"), Name(2, "set.EXAMPLE"), names[3],
        ];
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var first = await PostAsync("plain/simpleenroll", RawCsr.Build(key, RawCsr.Name("set"), San(names)), server.Password);
        Assert.True(first.Status == HttpStatusCode.OK, first.ToString());
        using var device = TestAuthority.WithKey(first.Certificate, key);
        var renewed = await PostAsync("plain/simplereenroll", RawCsr.Build(key, RawCsr.Name("SET"), San(same)), null, device);
        Assert.True(renewed.Status == HttpStatusCode.OK, renewed.ToString());
        // What a case rule does not cover, and what is one name less or another one.
        byte[][][] others =
        [
            names[1..], [.. names, Name(2, "more.example")], [.. names[..1], Name(1, "one@set.example"), .. names[2..]],
            [.. names[..2], Name(6, "https://set.example/path"), .. names[3..]],
            [.. names[..3], RawCsr.Tlv(0x87, [0x20, 0x01, 0x0d, 0xb8, .. new byte[11], 2])],
        ];
        foreach (var other in others)
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("plain/simplereenroll", RawCsr.Build(key, RawCsr.Name("set"), San(other)), null, device)).Status);
        }
    }

    [Fact]
    [Requirement("RFC 5280", "7.1", Level.Must, "Names are compared without case and needless white space, whatever string type they are in.")]
    public async Task A_multi_valued_RDN_has_no_order()
    {
        // DER sorts the parts by their bytes; the spaces, which do not count, turn the order around.
        byte[] Subject(string name, string organization) => RawCsr.Sequence(RawCsr.Set(
            [.. new[] { Part(RawCsr.CommonName, name), Part("2.5.4.10", organization) }.OrderBy(part => part.Length)]));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var san = San([Name(2, "multi.example")]);
        var first = await PostAsync("plain/simpleenroll", RawCsr.Build(key, Subject("m", "Org"), san), server.Password);
        Assert.True(first.Status == HttpStatusCode.OK, first.ToString());
        using var device = TestAuthority.WithKey(first.Certificate, key);
        var renewed = await PostAsync("plain/simplereenroll", RawCsr.Build(key, Subject("M      ", "ORG"), san), null, device);
        Assert.True(renewed.Status == HttpStatusCode.OK, renewed.ToString());
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("plain/simplereenroll", RawCsr.Build(key, Subject("m", "Orc"), san), null, device)).Status);
    }

    [Fact]
    [Requirement("RFC 7030", "4.2.2", Level.Must, "The certificate that is renewed is the TLS client's.")]
    public async Task Without_a_certificate_it_is_401_and_a_password_does_not_help()
    {
        using var csr = new Csr("CN=none", ["none.example"]);
        foreach (var password in new[] { null, server.Password })
        {
            var answer = await server.Kipuka.EnrollAsync(csr, password, path: "plain/simplereenroll");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
            Assert.Contains("4.2.2", answer.Text, StringComparison.Ordinal);
        }
    }

    private static byte[] Name(int tag, string text) => RawCsr.Tlv((byte)(0x80 | tag), System.Text.Encoding.ASCII.GetBytes(text));

    private static byte[] Part(string oid, string value) => RawCsr.Sequence(RawCsr.Oid(oid), RawCsr.Tlv(0x0C, System.Text.Encoding.UTF8.GetBytes(value)));

    private static byte[] San(byte[][] names) => RawCsr.Extensions(RawCsr.Extension(RawCsr.SubjectAltName, RawCsr.Sequence(names)));

    private Task<EstAnswer> PostAsync(string path, byte[] csr, string? password, X509Certificate2? certificate = null)
        => server.Kipuka.SendAsync(HttpMethod.Post, path, Convert.ToBase64String(csr), "application/pkcs10", password, certificate);

    private Task<X509Certificate2> DeviceAsync(string name) => server.Kipuka.EnrollDeviceAsync($"CN={name}", [$"{name}.example"], "plain/simpleenroll");

    // The validity begins a minute early because of clocks that are late, so one of a minute is over when the certificate arrives.
    private async Task<X509Certificate2> ExpiredAsync(string label)
    {
        using var csr = new Csr("CN=sleeper", ["sleeper.example"], change: Requests.Validity(60, "Seconds"));
        var answer = await server.EnrollAsync(csr, $"{label}/simpleenroll");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        Assert.True(answer.Certificate.NotAfter < DateTime.Now);
        return TestAuthority.WithKey(answer.Certificate, csr.Key);
    }

    private async Task AnswersAsync(HttpStatusCode status, X509Certificate2 device, string label, string name, string? dns = null)
    {
        using var csr = new Csr($"CN={name}", [dns ?? $"{name}.example"], ECDsa.Create(ECCurve.NamedCurves.nistP256));
        var answer = await server.Kipuka.EnrollAsync(csr, null, device, label.Length == 0 ? "simplereenroll" : $"{label}/simplereenroll");
        Assert.True(answer.Status == status, answer.ToString());
    }
}
