using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Kipuka.Conformance;

/// <summary>Ruling 7: no secret is logged, audited or stored, at any level.</summary>
public sealed class Secrets
{
    private const string Passphrase = "a-passphrase-nobody-guesses";

    [Fact]
    public async Task A_run_at_trace_level_tells_no_secret()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = key.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 100_000));
        var plainPem = key.ExportPkcs8PrivateKeyPem();
        await using var server = await KipukaServer.StartAsync(new ServerSetup
        {
            Authority = new TestAuthority("Secret CA", key),
            Ca = "key_passphrase_env = \"CA_PASSPHRASE\"",
            Files = new Dictionary<string, string> { ["ca-key.pem"] = pem },
            Environment = new Dictionary<string, string?> { ["CA_PASSPHRASE"] = Passphrase, ["KIPUKA_LOG"] = "trace" },
            More = "[audit]\nfile = \"audit.jsonl\"\n",
        });
        var password = await server.CreatePasswordAsync(maxUses: 3);
        var wrong = password[..^1] + (password[^1] == 'x' ? 'y' : 'x');
        using var csr = new Csr("CN=secret");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.EnrollAsync(csr, wrong)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(csr, password)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.SendAsync(HttpMethod.Post, "simpleenroll", "*", "application/pkcs10", password)).Status);
        const string WrongToken = "a-token-that-is-wrong-but-nearly-right";
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.AdminAsync(HttpMethod.Get, "health", token: WrongToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.AdminAsync(HttpMethod.Get, "otp")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.AdminAsync(HttpMethod.Post, "reload")).Status);
        Assert.Equal(0, await server.StopAsync());

        // The selector in front of a password is public; what follows is the secret.
        var serverKey = await File.ReadAllTextAsync(Path.Combine(server.Folder, "server-key.pem"));
        string[] secrets = [Passphrase, server.AdminToken, WrongToken, password, password[^20..], wrong[^20..], Basic.Of(password), .. Lines(pem), .. Lines(plainPem), .. Lines(serverKey)];
        var texts = new Dictionary<string, string> { ["log"] = server.Log, ["audit"] = await File.ReadAllTextAsync(Path.Combine(server.Folder, "audit.jsonl")) };
        foreach (var file in Directory.GetFiles(server.Folder, "kipuka.db*"))
        {
            texts[Path.GetFileName(file)] = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
        }
        Assert.Contains("CN=secret", texts["audit"], StringComparison.Ordinal);
        Assert.True(texts.Count >= 3);
        foreach (var (place, text) in texts)
        {
            foreach (var secret in secrets)
            {
                Assert.False(text.Contains(secret, StringComparison.OrdinalIgnoreCase), $"The {place} tells a secret of {secret.Length} characters.");
            }
        }
    }

    private static IEnumerable<string> Lines(string pem) => pem.Split('\n').Where(line => line.Length > 16 && !line.StartsWith('-'));
}
