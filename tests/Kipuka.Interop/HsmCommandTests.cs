namespace Kipuka.Interop;

/// <summary><c>kipuka hsm</c> without a server, beside pkcs11-tool and openssl.</summary>
public sealed class HsmCommandTests : IAsyncLifetime, IDisposable
{
    private static readonly string[] Token = ["--library", SoftHsm.Library, "--token", "kipuka", "--pin-env", "KIPUKA_HSM_PIN"];

    private readonly SoftHsm _hsm = new();

    public Task InitializeAsync() => _hsm.MakeTokenAsync("kipuka");

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _hsm.Dispose();

    [Theory]
    [InlineData("rsa-2048", "RSA 2048 bits")]
    [InlineData("rsa-3072", "RSA 3072 bits")]
    [InlineData("rsa-4096", "RSA 4096 bits")]
    [InlineData("ecdsa-p256", "EC P-256")]
    [InlineData("p384", "EC P-384")]
    [InlineData("ecdsa-p521", "EC P-521")]
    public async Task A_key_is_made_that_the_token_never_gives_away(string type, string shown)
    {
        var made = await RunAsync("keygen", "--key", "pkcs11:object=new%20key;id=%0a", "--type", type);
        Assert.Equal("pkcs11:token=kipuka;id=%0a;object=new%20key\n", made.Output);
        var listed = await _hsm.ToolAsync("--token-label", "kipuka", "--login", "--pin", SoftHsm.Pin, "--list-objects", "--type", "privkey");
        Assert.Matches("Access: +sensitive, always sensitive, never extractable, local", listed);
        var own = await RunAsync("list");
        Assert.Contains($"private key id 0a     label \"new key\", {shown}", own.Output, StringComparison.Ordinal);
        Assert.Contains("pkcs11:token=kipuka;id=%0a;object=new%20key", own.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_id_the_first_free_byte_is_taken_and_no_key_is_made_over_another()
    {
        await _hsm.MakeKeyAsync("kipuka", "EC:prime256v1", "01", "first");
        Assert.Equal("pkcs11:token=kipuka;id=%02;object=second\n", (await RunAsync("keygen", "--key", "pkcs11:object=second")).Output);
        Assert.Contains("already has a private key with the label \"first\"", await FailAsync("keygen", "--key", "pkcs11:object=first"), StringComparison.Ordinal);
        Assert.Contains("already has a private key with the CKA_ID 01", await FailAsync("keygen", "--key", "pkcs11:object=third;id=%01"), StringComparison.Ordinal);
        // Without a label the id is one, and may be another key's.
        Assert.Equal("pkcs11:token=kipuka;id=%03;object=0a\n", (await RunAsync("keygen", "--key", "pkcs11:object=0a")).Output);
        Assert.Contains("already has a private key with the label \"0a\"", await FailAsync("keygen", "--key", "pkcs11:id=%0a"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rsa:2048")]
    [InlineData("EC:secp384r1")]
    public async Task A_request_and_a_certificate_are_as_openssl_wants_them(string type)
    {
        await _hsm.MakeKeyAsync("kipuka", type, "01", "ca");
        await RunAsync("csr", "--key", "pkcs11:object=ca", "--subject", "CN=Issuing CA,O=Example", "--out", "ca.csr");
        var request = await Tool.RunAsync("openssl", ["req", "-in", _hsm["ca.csr"], "-verify", "-noout", "-text"]);
        Assert.Contains("verify OK", request.Error + request.Output, StringComparison.Ordinal);
        Assert.Contains("Subject: CN = Issuing CA, O = Example", request.Output, StringComparison.Ordinal);
        Assert.Contains("CA:TRUE", request.Output, StringComparison.Ordinal);
        await RunAsync("selfsign", "--key", "pkcs11:object=ca", "--subject", "/CN=Root CA/O=Example", "--days", "100", "--out", "ca.pem");
        var verified = await Tool.RunAsync("openssl", ["verify", "-x509_strict", "-check_ss_sig", "-CAfile", _hsm["ca.pem"], _hsm["ca.pem"]]);
        Assert.True(verified.ExitCode == 0, verified.ToString());
        var text = (await Tool.RunAsync("openssl", ["x509", "-in", _hsm["ca.pem"], "-noout", "-subject", "-checkend", $"{99 * 86400}", "-ext", "keyUsage"])).Output;
        Assert.Contains("subject=CN = Root CA, O = Example", text, StringComparison.Ordinal);
        Assert.Contains("Certificate Sign, CRL Sign", text, StringComparison.Ordinal);
        Assert.Contains("is there already", await FailAsync("selfsign", "--key", "pkcs11:object=ca", "--subject", "CN=x", "--out", "ca.pem"), StringComparison.Ordinal);
    }

    // "a config with [hsm] alone is enough"
    [Fact]
    public async Task A_configuration_with_the_hsm_table_alone_is_enough()
    {
        File.WriteAllText(_hsm["hsm.toml"], $"[hsm]\nmodule = \"{SoftHsm.Library}\"\ntoken_label = \"kipuka\"\npin = \"{SoftHsm.Pin}\"\n");
        var made = await _hsm.KipukaAsync("hsm", "keygen", "--key", "pkcs11:object=ca", "--config", "hsm.toml");
        Assert.True(made.ExitCode == 0, made.ToString());
        Assert.Contains("label \"ca\", EC P-384", (await _hsm.KipukaAsync("hsm", "list", "--config", "hsm.toml")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keygen", "--key is missing")]
    [InlineData("keygen --key pkcs11:object=x --type dsa", "--type dsa is none of")]
    [InlineData("keygen --key pkcs11:token=kipuka", "names no key")]
    [InlineData("csr --key pkcs11:object=missing --subject CN=x --out x.csr", "no private key on slot")]
    [InlineData("csr --key pkcs11:token=missing;object=x --subject CN=x --out x.csr", "no token fits label \"missing\"; there are: slot")]
    [InlineData("csr --key pkcs11:object=x --subject nonsense --out x.csr", "--subject \"nonsense\" is no name")]
    [InlineData("selfsign --key pkcs11:object=x --subject CN=x --days 0 --out x.pem", "--days 0 is no number")]
    public async Task What_is_wrong_is_said(string arguments, string expected)
    {
        Assert.Contains(expected, await FailAsync(arguments.Split(' ')), StringComparison.Ordinal);
        Assert.False(File.Exists(_hsm["x.csr"]) || File.Exists(_hsm["x.pem"]));
    }

    [Fact]
    public async Task Without_a_PIN_public_objects_are_shown_and_it_is_said_why_no_others()
    {
        await _hsm.MakeKeyAsync("kipuka", "EC:prime256v1", "01", "ca");
        var listed = await _hsm.KipukaAsync("hsm", "list", "--library", SoftHsm.Library);
        Assert.Contains("not logged in", listed.Output, StringComparison.Ordinal);
        Assert.Contains("public key  id 01     label \"ca\"", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("private key ", listed.Output, StringComparison.Ordinal);
    }

    private async Task<Tool.Result> RunAsync(string command, params string[] arguments)
    {
        var result = await _hsm.KipukaAsync(["hsm", command, .. Token, .. arguments]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    private async Task<string> FailAsync(params string[] arguments)
    {
        var result = await _hsm.KipukaAsync(["hsm", .. arguments, .. Token]);
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Equal("", result.Output);
        return result.Error;
    }
}
