using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kipuka.Conformance;

/// <summary>RFC 7030 section 4.4 where keys are encrypted on request only, and what holds in both modes.</summary>
public sealed class ServerKeyGenOnRequest(OpenKeyServer server) : IClassFixture<OpenKeyServer>
{
    private const string Path = "serverkeygen";

    // 4.4.2: "If additional encryption is not being employed, the private key data MUST be placed in an application/pkcs8".
    [Theory]
    [InlineData("rsa-2048")]
    [InlineData("ecdsa-p384")]
    [Requirement("RFC 7030", "4.4.2", Level.Must, "/serverkeygen answers 200 with multipart/mixed of two parts, the private key and its certificate.")]
    [Requirement("RFC 7030", "4.4.2", Level.Must, "A private key that is not encrypted is of type application/pkcs8.")]
    [Requirement("RFC 2046", "5.1.1", Level.Must, "Parts stand between lines of the boundary, which ends with two hyphens.")]
    public async Task A_key_comes_as_PKCS8_before_its_certificate(string type)
    {
        using var csr = new Csr($"CN=plain-{type}", key: KeyRequests.NewKey(type));
        var answer = KeyAnswer.Of(await server.EnrollAsync(csr, Path));
        Assert.Equal(["application/pkcs8", "application/pkcs7-mime; smime-type=certs-only"], answer.Parts.Select(part => part.Type));
        await answer.FitsAsync(answer.Key);
    }

    [Fact]
    [Requirement("RFC 7030", "4.4.1.1", Level.Must, "A DecryptKeyIdentifier names the symmetric key that encrypts the private key; a name of none is an error.")]
    public async Task A_request_with_an_identifier_gets_an_encrypted_key()
    {
        using var own = new Csr("CN=own", change: KeyRequests.DecryptWithOwn);
        var answer = KeyAnswer.Of(await server.EnrollAsync(own, Path));
        await answer.FitsAsync(await answer.OpenAsync(server.Kipuka, own.Key));

        var name = Encoding.ASCII.GetBytes(KeyServer.DecryptKeyId);
        using var kek = new Csr("CN=kek", change: KeyRequests.DecryptWith(name));
        answer = KeyAnswer.Of(await server.EnrollAsync(kek, Path));
        Assert.Equal("application/pkcs7-mime; smime-type=server-generated-key", answer.Parts[0].Type);
        await answer.FitsAsync(await answer.OpenAsync(
            server.Kipuka, "-secretkey", Convert.ToHexString(server.DecryptKey), "-secretkeyid", Convert.ToHexString(name)));
    }

    // 4.4.1.1: never in the clear instead.
    [Fact]
    [Requirement("RFC 7030", "4.4.1.1", Level.Must, "A DecryptKeyIdentifier names the symmetric key that encrypts the private key; a name of none is an error.")]
    public async Task An_identifier_that_names_no_known_key_is_400()
    {
        using var csr = new Csr("CN=unknown", change: KeyRequests.DecryptWith([9]));
        Assert.Equal(HttpStatusCode.BadRequest, (await server.EnrollAsync(csr, Path)).Status);
        using var twin = new Csr("CN=unknown");
        Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(twin, Path)).Status);
    }

    [Fact]
    public async Task A_repeat_makes_a_new_key_and_leaves_what_was_delivered()
    {
        using var csr = new Csr("CN=again");
        var first = KeyAnswer.Of(await server.EnrollAsync(csr, Path));
        await Delivery.WaitAsync(server.Kipuka, "CN=again");
        var second = KeyAnswer.Of(await server.EnrollAsync(csr, Path));
        Assert.NotEqual(first.Key, second.Key);
        Assert.NotEqual(first.Certificate.SerialNumber, second.Certificate.SerialNumber);
        Assert.Equal(["active", "active"], await StatusesAsync("CN=again"));
    }

    // Ruling 42, with a password that is good for one certificate only.
    [Fact]
    public async Task A_connection_that_is_cut_leaves_one_usable_certificate_and_no_stranded_password()
    {
        for (var i = 0; i < 5; i++)
        {
            var password = await server.Kipuka.CreatePasswordAsync();
            using var csr = new Csr($"CN=lost-{i}");
            await using (var wire = await Wire.ConnectAsync(server.Kipuka))
            {
                await wire.SendAsync(server.Post(csr, "/.well-known/est/serverkeygen")
                    .Replace(Basic.Of(server.Password), Basic.Of(password), StringComparison.Ordinal));
                wire.Socket.LingerState = new LingerOption(true, 0);
                wire.Socket.Close();
            }
            var answer = await server.Kipuka.EnrollAsync(csr, password, path: Path);
            await KeyAnswer.Of(answer).FitsAsync(KeyAnswer.Of(answer).Key);
            await Delivery.WaitAsync(server.Kipuka, $"CN=lost-{i}");
            var statuses = await StatusesAsync($"CN=lost-{i}");
            Assert.Equal(1, statuses.Count(status => status == "active"));
            Assert.InRange(statuses.Count, 1, 2);
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.Kipuka.EnrollAsync(csr, password, path: Path)).Status);
        }
    }

    [Fact]
    public async Task The_same_request_at_simpleenroll_certifies_its_own_key()
    {
        using var csr = new Csr("CN=both-ways");
        var made = KeyAnswer.Of(await server.EnrollAsync(csr, Path));
        var own = (await server.EnrollAsync(csr)).Certificate;
        Assert.Equal(csr.Key.ExportSubjectPublicKeyInfo(), own.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.NotEqual(made.Certificate.SerialNumber, own.SerialNumber);
    }

    [Fact]
    public async Task No_part_of_a_private_key_is_logged_audited_or_stored()
    {
        var secrets = new List<byte[]> { server.DecryptKey, server.OtherDecryptKey };
        foreach (var type in (string[])["ecdsa-p256", "rsa-2048"])
        {
            using var csr = new Csr($"CN=secret-{type}", key: KeyRequests.NewKey(type));
            var key = KeyAnswer.Of(await server.EnrollAsync(csr, Path)).Key;
            // Of the private numbers, each of which is nowhere in the certificate.
            if (type == "rsa-2048")
            {
                using var rsa = RSA.Create();
                rsa.ImportPkcs8PrivateKey(key, out _);
                var numbers = rsa.ExportParameters(true);
                secrets.AddRange([numbers.D!, numbers.P!, numbers.Q!]);
            }
            else
            {
                using var ec = ECDsa.Create();
                ec.ImportPkcs8PrivateKey(key, out _);
                secrets.Add(ec.ExportParameters(true).D!);
            }
            secrets.Add(key);
        }
        var audit = await server.ReadAuditAsync();
        var places = new Dictionary<string, byte[]> { ["log"] = Encoding.UTF8.GetBytes(server.Kipuka.Log), ["audit"] = Encoding.UTF8.GetBytes(audit) };
        foreach (var file in Directory.GetFiles(server.Kipuka.Folder, "kipuka.db*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            places[file] = await File.ReadAllBytesAsync(file);
        }
        Assert.Contains("\"key.generated\"", audit, StringComparison.Ordinal);
        Assert.Contains("CN=secret-rsa-2048", audit, StringComparison.Ordinal);
        Assert.True(places.Count >= 3);
        foreach (var (place, content) in places)
        {
            foreach (var secret in secrets)
            {
                Assert.False(Tells(content, secret), $"{place} tells a secret of {secret.Length} bytes");
            }
        }
    }

    // The middle, so that neither headers nor the phase of base64 matter.
    private static bool Tells(byte[] content, byte[] secret)
    {
        var part = secret[(secret.Length / 4)..(secret.Length / 4 * 3)];
        string[] texts = [Convert.ToHexString(part), Convert.ToHexStringLower(part), .. Enumerable.Range(0, 3).Select(skip => Convert.ToBase64String(part[skip..])[..^4])];
        return content.AsSpan().IndexOf(part) >= 0 || texts.Any(text => content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0);
    }

    private async Task<List<string>> StatusesAsync(string subject)
    {
        var (_, list, _) = await server.Kipuka.AdminAsync(HttpMethod.Get, $"certs?per_page=1000&subject={Uri.EscapeDataString(subject)}");
        return [.. list!.Value.GetProperty("certificates").EnumerateArray()
            .Where(entry => entry.GetProperty("subject").GetString() == subject).Select(entry => entry.GetProperty("status").GetString()!)];
    }
}
