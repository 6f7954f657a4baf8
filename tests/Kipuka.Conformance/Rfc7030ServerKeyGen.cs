using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kipuka.Conformance;

/// <summary>RFC 7030 section 4.4 where every key is encrypted (ruling 42's default).</summary>
public sealed class Rfc7030ServerKeyGen(KeyServer server) : IClassFixture<KeyServer>
{
    private const string Path = "serverkeygen";

    private static byte[] KekName => Encoding.ASCII.GetBytes(KeyServer.DecryptKeyId);

    // 4.4.2: "the server response MUST have an HTTP 200 response code with a content-type of multipart/mixed consisting of two parts".
    [Theory]
    [InlineData("rsa-2048")]
    [InlineData("rsa-3072")]
    [InlineData("ecdsa-p256")]
    [InlineData("ecdsa-p384")]
    [InlineData("ecdsa-p521")]
    [Requirement("RFC 7030", "4.4.1", Level.Must, "The public key and the signature of the request certify nothing at /serverkeygen.")]
    [Requirement("RFC 7030", "4.4.2", Level.Must, "/serverkeygen answers 200 with multipart/mixed of two parts, the private key and its certificate.")]
    [Requirement("RFC 7030", "4.4.2", Level.Must, "A private key that is encrypted is signed by who made it, inside an EnvelopedData.")]
    [Requirement("RFC 8951", "3", Level.Must, "Bodies are base64, both ways.")]
    [Requirement("RFC 5652", "6.2", Level.Must, "The key of an encrypted content goes to an RSA key, an EC key or a shared key, as the recipient has one.")]
    [Requirement("RFC 5753", "3.1", Level.Must, "An EC key receives by ECDH with an ephemeral key of its own curve.")]
    [Requirement("RFC 5958", "2", Level.Must, "An encrypted private key is an AsymmetricKeyPackage, which names its own content type.")]
    public async Task A_key_is_made_and_encrypted_to_the_key_of_the_request(string type)
    {
        using var csr = new Csr($"CN=made-{type}", ["made.example.com"], KeyRequests.NewKey(type));
        var answer = KeyAnswer.Of(await server.EnrollAsync(csr, Path));

        Assert.Equal(2, answer.Parts.Count);
        Assert.Equal("application/pkcs7-mime; smime-type=server-generated-key", answer.Parts[0].Type);
        Assert.Equal("application/pkcs7-mime; smime-type=certs-only", answer.Parts[1].Type);
        Assert.All(answer.Parts, part => Assert.Equal("base64", part.Headers["Content-Transfer-Encoding"]));
        await answer.FitsAsync(await answer.OpenAsync(server.Kipuka, csr.Key));
        var made = answer.Certificate;
        Assert.Equal($"CN=made-{type}", made.Subject);
        Assert.Equal(csr.Key.KeySize, made.GetRSAPublicKey()?.KeySize ?? made.GetECDsaPublicKey()!.KeySize);
        // 4.4.1: "the server MUST ignore the public key values and signature in the CSR".
        Assert.NotEqual(csr.Key.ExportSubjectPublicKeyInfo(), made.PublicKey.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    [Requirement("RFC 7030", "4.4.1", Level.Must, "The public key and the signature of the request certify nothing at /serverkeygen.")]
    public async Task The_signature_of_the_request_is_ignored()
    {
        using var csr = new Csr("CN=unsigned");
        var broken = csr.Der;
        broken[^5] ^= 1;
        var body = Convert.ToBase64String(broken);
        await AssertKeyAsync(await server.PostAsync(body, Path), csr.Key);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync(body)).Status);
    }

    // 4.4.1.1: "the EnvelopedData content is encrypted using the secret key identified in the request".
    [Fact]
    [Requirement("RFC 7030", "4.4.1.1", Level.Must, "A DecryptKeyIdentifier names the symmetric key that encrypts the private key; a name of none is an error.")]
    [Requirement("RFC 7030", "4.4.2", Level.Must, "A private key that is encrypted is signed by who made it, inside an EnvelopedData.")]
    [Requirement("RFC 5652", "6.2", Level.Must, "The key of an encrypted content goes to an RSA key, an EC key or a shared key, as the recipient has one.")]
    public async Task A_symmetric_key_that_both_sides_have_opens_the_key()
    {
        using var csr = new Csr("CN=kek", change: KeyRequests.DecryptWith(KekName));
        var answer = KeyAnswer.Of(await server.EnrollAsync(csr, Path));
        await answer.FitsAsync(await answer.OpenAsync(
            server.Kipuka, "-secretkey", Convert.ToHexString(server.DecryptKey), "-secretkeyid", Convert.ToHexString(KekName)));

        using var other = new Csr("CN=kek-2", change: KeyRequests.DecryptWith([1, 2, 3]));
        answer = KeyAnswer.Of(await server.EnrollAsync(other, Path));
        await answer.FitsAsync(await answer.OpenAsync(server.Kipuka, "-secretkey", Convert.ToHexString(server.OtherDecryptKey), "-secretkeyid", "010203"));
    }

    // 4.4.1.1 and 4.4.1.2: without such a key "the request MUST be terminated and an error returned to the client".
    [Fact]
    [Requirement("RFC 7030", "4.4.1.1", Level.Must, "A DecryptKeyIdentifier names the symmetric key that encrypts the private key; a name of none is an error.")]
    [Requirement("RFC 7030", "4.4.1.2", Level.Must, "An AsymmetricDecryptKeyIdentifier names a public key of the client whose usage allows it; a name of none is an error.")]
    public async Task An_identifier_that_names_no_known_key_is_400()
    {
        using var unknown = new Csr("CN=unknown", change: KeyRequests.DecryptWith([1, 2, 4]));
        await AssertRefusedAsync(await server.EnrollAsync(unknown, Path), "DecryptKeyIdentifier");
        using var asymmetric = new Csr("CN=unknown", change: KeyRequests.DecryptWithPublic(new byte[20]));
        await AssertRefusedAsync(await server.EnrollAsync(asymmetric, Path), "AsymmetricDecryptKeyIdentifier");
        using var known = new Csr("CN=known", change: KeyRequests.DecryptWith([1, 2, 3]));
        Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(known, Path)).Status);
    }

    [Fact]
    public async Task Two_identifiers_are_400()
    {
        using var csr = new Csr("CN=two", change: KeyRequests.Both(KeyRequests.DecryptWith(KekName), KeyRequests.DecryptWithOwn));
        await AssertRefusedAsync(await server.EnrollAsync(csr, Path), "both");
        using var one = new Csr("CN=two", change: KeyRequests.DecryptWithOwn);
        await AssertKeyAsync(await server.EnrollAsync(one, Path), one.Key);
    }

    // 4.4.1.2: "the key MUST either explicitly support keyTransport or keyAgreement or its use MUST be unrestricted".
    [Theory]
    [InlineData("rsa-2048", X509KeyUsageFlags.KeyEncipherment)]
    [InlineData("ecdsa-p256", X509KeyUsageFlags.KeyAgreement)]
    [Requirement("RFC 7030", "4.4.1.2", Level.Must, "An AsymmetricDecryptKeyIdentifier names a public key of the client whose usage allows it; a name of none is an error.")]
    public async Task The_client_certificate_can_receive_the_key_if_its_usage_allows_it(string type, X509KeyUsageFlags usage)
    {
        using var key = KeyRequests.NewKey(type);
        using var fitting = server.Kipuka.Authority.Issue("CN=receiver", key: key, change: With(X509KeyUsageFlags.DigitalSignature | usage));
        using var csr = new Csr("CN=received", change: KeyRequests.DecryptWithPublic(KeyRequests.IdOf(fitting.PublicKey)));
        await AssertKeyAsync(await server.Kipuka.EnrollAsync(csr, certificate: fitting, path: Path), key);

        using var signing = server.Kipuka.Authority.Issue("CN=receiver", key: key, change: With(X509KeyUsageFlags.DigitalSignature));
        await AssertRefusedAsync(await server.Kipuka.EnrollAsync(csr, certificate: signing, path: Path), "key usage");
    }

    // 4.4.1: "The client MUST also include an SMIMECapabilities attribute in the CSR to indicate the key encipherment algorithms".
    [Fact]
    [Requirement("RFC 7030", "4.4.1", Level.Must, "The algorithms of an encrypted key are among the request's SMIMECapabilities.")]
    [Requirement("RFC 5083", "2", Level.Must, "A content under AES-GCM is an AuthEnvelopedData.")]
    public async Task The_capabilities_of_the_client_choose_the_algorithms()
    {
        using var gcm = new Csr("CN=gcm", change: KeyRequests.Capable(KeyRequests.Aes256Gcm, KeyRequests.Aes256Cbc));
        var sealedKey = KeyAnswer.Of(await server.EnrollAsync(gcm, Path)).Key;
        Assert.True(sealedKey.AsSpan().IndexOf(RawCsr.Oid("1.2.840.113549.1.9.16.1.23")) >= 0);

        using var small = new Csr("CN=small", change: KeyRequests.Capable(KeyRequests.TripleDes, KeyRequests.Aes128Cbc, KeyRequests.Aes128Wrap));
        var answer = await server.EnrollAsync(small, Path);
        Assert.True(KeyAnswer.Of(answer).Key.AsSpan().IndexOf(RawCsr.Oid(KeyRequests.Aes128Cbc)) >= 0);
        await AssertKeyAsync(answer, small.Key);

        using var old = new Csr("CN=old", change: KeyRequests.Capable(KeyRequests.TripleDes));
        await AssertRefusedAsync(await server.EnrollAsync(old, Path), "SMIMECapabilities");
    }

    [Fact]
    [Requirement("RFC 7030", "4.4.1", Level.Must, "The algorithms of an encrypted key are among the request's SMIMECapabilities.")]
    public async Task A_wrap_that_the_client_cannot_undo_is_400()
    {
        using var csr = new Csr("CN=wrap", change: KeyRequests.Both(KeyRequests.DecryptWith(KekName), KeyRequests.Capable(KeyRequests.Aes128Wrap)));
        await AssertRefusedAsync(await server.EnrollAsync(csr, Path), "key wrap");
    }

    [Fact]
    public async Task Keys_too_weak_to_receive_or_unknown_are_400()
    {
        using var weak = RSA.Create(1024);
        using var csr = new Csr("CN=weak", key: weak);
        await AssertRefusedAsync(await server.EnrollAsync(csr, Path), "rsa-1024");
        var ed25519 = await File.ReadAllBytesAsync(System.IO.Path.Combine(Repository.Root, "tests", "data", "csr", "ed25519.der"));
        await AssertRefusedAsync(await server.PostAsync(Convert.ToBase64String(ed25519), Path), "ed25519");
    }

    // Appendix A.4, whose challengePassword is a binding to another connection only below TLS 1.3.
    [Fact]
    public async Task The_request_of_appendix_A4_is_answered()
    {
        var request = await File.ReadAllBytesAsync(System.IO.Path.Combine(Repository.Root, "tests", "data", "rfc7030", "A.4-serverkeygen-request.der"));
        var answer = KeyAnswer.Of(await server.PostAsync(Convert.ToBase64String(request), Path));
        Assert.Equal(2048, answer.Certificate.GetRSAPublicKey()!.KeySize);
    }

    [Fact]
    public async Task The_label_judges_the_key_that_is_to_be_made()
    {
        using var rsa = new Csr("CN=judged", key: RSA.Create(2048));
        var refused = await server.EnrollAsync(rsa, "p256/serverkeygen");
        await AssertRefusedAsync(refused, "allowed_key_types");
        using var ec = new Csr("CN=judged");
        await AssertKeyAsync(await server.EnrollAsync(ec, "p256/serverkeygen"), ec.Key);
    }

    // 4.4: "the EST server MUST follow the same authentication and authorization" rules as for enrollment.
    [Fact]
    [Requirement("RFC 7030", "4.4", Level.Must, "/serverkeygen authenticates and authorizes as enrollment does.")]
    [Requirement("RFC 9110", "11.6.1", Level.Must, "A 401 names the ways to authenticate in WWW-Authenticate.")]
    public async Task Nobody_unknown_gets_a_key()
    {
        using var csr = new Csr("CN=nobody");
        var answer = await server.Kipuka.EnrollAsync(csr, path: Path);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.NotEmpty(answer.Headers.WwwAuthenticate);
        await AssertKeyAsync(await server.EnrollAsync(csr, Path), csr.Key);
    }

    [Fact]
    [Requirement("RFC 7030", "4.4", Level.Must, "/serverkeygen authenticates and authorizes as enrollment does.")]
    public async Task A_certificate_of_ours_gets_keys_for_its_own_name_only()
    {
        using var device = await server.Kipuka.EnrollDeviceAsync("CN=linked");
        using var own = new Csr("CN=linked");
        await AssertKeyAsync(await server.Kipuka.EnrollAsync(own, certificate: device, path: Path), own.Key);
        using var other = new Csr("CN=not-linked");
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Kipuka.EnrollAsync(other, certificate: device, path: Path)).Status);
    }

    // Ruling 45: nothing is made before somebody has agreed.
    [Fact]
    public async Task A_key_that_needs_approval_is_made_when_it_was_approved()
    {
        using var csr = new Csr("CN=watched-key");
        var waiting = await server.EnrollAsync(csr, "watched/serverkeygen");
        Assert.Equal(HttpStatusCode.Accepted, waiting.Status);
        Assert.Equal(HttpStatusCode.Accepted, (await server.EnrollAsync(csr, "watched/serverkeygen")).Status);
        Assert.Equal(0, await MadeAtAsync("watched"));
        var (_, list, _) = await server.Kipuka.AdminAsync(HttpMethod.Get, "requests");
        var request = list!.Value.GetProperty("requests").EnumerateArray().Single(entry => entry.GetProperty("subject").GetString() == "CN=watched-key");
        var (status, _, text) = await server.Kipuka.AdminAsync(HttpMethod.Post, $"requests/{request.GetProperty("id").GetString()}/approve");
        Assert.True(status == HttpStatusCode.OK, text);
        await AssertKeyAsync(await server.EnrollAsync(csr, "watched/serverkeygen"), csr.Key);
        Assert.Equal(1, await MadeAtAsync("watched"));
    }

    [Fact]
    public async Task Nothing_is_made_for_what_policy_refuses_and_what_is_made_is_audited()
    {
        using var rsa = new Csr("CN=not-made", key: RSA.Create(2048));
        var before = await MadeAtAsync("p256");
        Assert.Equal(HttpStatusCode.BadRequest, (await server.EnrollAsync(rsa, "p256/serverkeygen")).Status);
        Assert.Equal(before, await MadeAtAsync("p256"));
        using var ec = new Csr("CN=made", change: KeyRequests.Capable(KeyRequests.Aes128Cbc));
        Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(ec, "p256/serverkeygen")).Status);
        Assert.Equal(before + 1, await MadeAtAsync("p256"));
        var record = (await server.ReadAuditAsync()).Split('\n').Last(line => line.Contains("\"key.generated\"", StringComparison.Ordinal) && line.Contains("aes128-CBC", StringComparison.Ordinal));
        Assert.Contains("ecdsa-p256", record, StringComparison.Ordinal);
        Assert.Contains("ecdh", record, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_asked_with_POST()
    {
        var answer = await server.Kipuka.SendAsync(HttpMethod.Get, Path);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
        Assert.Contains("POST", answer.ContentHeaders.Allow);
    }

    private async Task<int> MadeAtAsync(string label) => (await server.ReadAuditAsync()).Split('\n')
        .Count(line => line.Contains("\"key.generated\"", StringComparison.Ordinal) && line.Contains($"\"{label}\"", StringComparison.Ordinal));

    private static Action<CertificateRequest> With(X509KeyUsageFlags usage) => request =>
    {
        request.CertificateExtensions.Remove(request.CertificateExtensions.OfType<X509KeyUsageExtension>().Single());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
    };

    private static Task AssertRefusedAsync(EstAnswer answer, string reason)
    {
        Assert.True(answer.Status == HttpStatusCode.BadRequest, answer.ToString());
        Assert.Contains(reason, answer.Text, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    private async Task AssertKeyAsync(EstAnswer response, AsymmetricAlgorithm key)
    {
        var answer = KeyAnswer.Of(response);
        await answer.FitsAsync(await answer.OpenAsync(server.Kipuka, key));
    }
}
