using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using static Kipuka.Interop.HsmServer;

namespace Kipuka.Interop;

/// <summary><c>hsm_random</c>: serial numbers and the keys of /serverkeygen are the token's, and never the server's instead.</summary>
public sealed class HsmRandomTests : FaultyToken
{
    private const string KeysInClear = "[est.serverkeygen]\nencryption = \"on-request\"\n";

    [Theory]
    [InlineData("", true)]
    [InlineData("hsm_random = false", false)]
    public async Task Serial_numbers_are_the_tokens_unless_the_configuration_says_otherwise(string keys, bool fromToken)
    {
        Token.Inject("random 165");
        await using var server = await StartAsync(Token, Tables(keys));
        for (var i = 0; i < 36; i++) // more than one call of C_GenerateRandom gives
        {
            var answer = await EnrollAsync(server, "hsm", $"d{i}");
            Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
            var serial = Convert.FromHexString(answer.Certificate.SerialNumber);
            Assert.Equal(20, serial.Length);
            Assert.Equal(fromToken, serial.Where((_, index) => index % 2 == 1).All(value => value == 165));
        }
        Assert.Equal(fromToken, Token.Calls("C_GenerateRandom") > 1);
    }

    // Wrapped with a key of one use, and by its attributes where the token wraps none.
    [Theory]
    [InlineData("no_clear 1", true)]
    [InlineData("no_wrap 1", true)]
    [InlineData("no_wrap 0", false)]
    public async Task Keys_of_serverkeygen_are_made_by_the_token_however_it_gives_them_away(string faults, bool hsmRandom)
    {
        Token.Inject(faults);
        await using var server = await StartAsync(Token, Tables(hsmRandom ? "" : "hsm_random = false"));
        var before = (Made: Token.Calls("C_GenerateKeyPair"), Wrapped: Token.Calls("C_WrapKey"));
        AsymmetricAlgorithm[] kinds = [RSA.Create(2048), RSA.Create(3072), ECDsa.Create(ECCurve.NamedCurves.nistP256), ECDsa.Create(ECCurve.NamedCurves.nistP384), ECDsa.Create(ECCurve.NamedCurves.nistP521)];
        foreach (var kind in kinds)
        {
            using (kind)
            {
                await AssertKeyAsync(await AskAsync(server, kind), kind);
            }
        }
        Assert.Equal(hsmRandom ? kinds.Length : 0, Token.Calls("C_GenerateKeyPair") - before.Made);
        Assert.Equal(faults == "no_clear 1" ? kinds.Length : 0, Token.Calls("C_WrapKey") - before.Wrapped);
        // Nothing of them stays on the token.
        Assert.DoesNotContain("P-521", (await Token.KipukaAsync("hsm", "list", "--library", SoftHsm.Library, "--pin-env", "KIPUKA_HSM_PIN")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no_export 1", "does not give them away (C_GenerateKeyPair: CKR_TEMPLATE_INCONSISTENT")]
    [InlineData("no_random 1", "has no random numbers (C_GenerateRandom: CKR_RANDOM_NO_RNG")]
    public async Task A_token_that_gives_none_does_not_start_and_says_what_to_do(string faults, string reason)
    {
        Token.Inject(faults);
        var message = await FailureAsync(Token, Tables(""));
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.Contains("set hsm_random = false", message, StringComparison.Ordinal);
        await using var server = await StartAsync(Token, Tables("hsm_random = false"));
        Assert.Equal(HttpStatusCode.OK, (await EnrollAsync(server, "hsm")).Status);
    }

    [Fact]
    public async Task What_the_token_gives_no_longer_is_503_and_never_made_by_the_server()
    {
        await using var server = await StartAsync(Token, Tables(""));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(server)).Status);
        Token.Inject("no_export 1");
        var refused = await AskAsync(server);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.NotNull(refused.Headers.RetryAfter);
        Token.Inject("no_export 0");
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(server)).Status);
    }

    private static async Task<EstAnswer> AskAsync(KipukaServer server, AsymmetricAlgorithm? key = null)
    {
        using var csr = new Csr($"CN=meter-{Guid.NewGuid():N}", ["meter.example"], key: key);
        return await server.EnrollAsync(csr, await server.CreatePasswordAsync(), path: "hsm/serverkeygen");
    }

    private static async Task AssertKeyAsync(EstAnswer answer, AsymmetricAlgorithm kind)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        var boundary = answer.ContentHeaders.ContentType!.Parameters.Single(p => p.Name == "boundary").Value!.Trim('"');
        byte[][] parts = [.. $"\r\n{answer.Text}".Split($"\r\n--{boundary}")[1..^1].Select(part => Convert.FromBase64String(part[(part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]))];
        var message = new SignedCms();
        message.Decode(parts[1]);
        using var folder = new ScratchFolder();
        await File.WriteAllBytesAsync(folder["key"], parts[0]);
        var shown = await Tool.RunAsync("openssl", ["pkey", "-inform", "DER", "-in", folder["key"], "-check", "-noout", "-text"]);
        Assert.True(shown.ExitCode == 0, shown.ToString());
        Assert.Contains($"({kind.KeySize} bit", shown.Output, StringComparison.Ordinal);
        await Tool.RunAsync("openssl", ["pkey", "-inform", "DER", "-in", folder["key"], "-pubout", "-outform", "DER", "-out", folder["public"]]);
        Assert.Equal(message.Certificates.Single().PublicKey.ExportSubjectPublicKeyInfo(), await File.ReadAllBytesAsync(folder["public"]));
    }

    private string Tables(string keys) => Hsm(library: Module) + Authority("hsm", Token["ca.pem"], $"key = \"pkcs11:token=kipuka;object=ca\"\n{keys}") + KeysInClear;
}
