using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Kipuka.Interop;

/// <summary><c>kipuka est</c> and <c>kipuka otp</c>.</summary>
public sealed class OwnClientTests : IAsyncLifetime
{
    private readonly ScratchFolder _folder = new();
    private KipukaServer? _server;

    private KipukaServer Server => _server!;

    public async Task InitializeAsync()
    {
        _server = await KipukaServer.StartAsync(new ServerSetup { Est = "csr_attributes = [\"1.2.840.10045.4.3.2\"]" });
        await File.WriteAllTextAsync(Path.Combine(_server.Folder, "admin.token"), _server.AdminToken);
        File.SetUnixFileMode(Path.Combine(_server.Folder, "admin.token"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        _folder.Dispose();
    }

    [Fact]
    public async Task CacertsPrintsTheCa()
    {
        using var ca = X509Certificate2.CreateFromPem(await DoneAsync(Est("cacerts")));
        Assert.Equal(Server.Authority.Certificate, ca);
    }

    [Fact]
    public async Task CsrattrsPrintsWhatIsAdvised() => Assert.Equal("signature ecdsa-with-SHA256\n", await DoneAsync(Est("csrattrs")));

    [Fact]
    public async Task EnrollAndReenrollWriteKeysAndCertificates()
    {
        var password = await Server.CreatePasswordAsync("device-7");
        await DoneAsync(Est("enroll", "--user", $"device-7:{password}", "--subject", "CN=device-7", "--out", _folder["first"]));
        await VerifyAsync("first");

        await DoneAsync(Est("reenroll", "--cert", _folder["first.pem"], "--key", _folder["first.key"], "--out", _folder["second"]));
        using var renewed = await VerifyAsync("second");
        Assert.Equal("CN=device-7", renewed.Subject);
    }

    [Fact]
    public async Task AWrongPasswordExitsWith1AndLeavesNothing()
    {
        var result = await Peer.KipukaAsync(Est("enroll", "--user", "device-8:wrong", "--subject", "CN=device-8", "--out", _folder["none"]));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("401", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task APasswordIsCreatedListedRevokedAndThenRefused()
    {
        var created = Json(await DoneAsync(Otp("create", "--entity-id", "device-9")));
        var (id, password) = (created.GetProperty("id").GetString()!, created.GetProperty("otp").GetString()!);
        var listed = await DoneAsync(Otp("list"));
        Assert.Contains(id, listed, StringComparison.Ordinal);
        Assert.DoesNotContain(password, listed, StringComparison.Ordinal);

        await DoneAsync(Otp("revoke", id));
        Assert.DoesNotContain(id, await DoneAsync(Otp("list")), StringComparison.Ordinal);
        var refused = await Peer.KipukaAsync(Est("enroll", "--user", $"device-9:{password}", "--subject", "CN=device-9", "--out", _folder["none"]));
        Assert.Equal(1, refused.ExitCode);
    }

    [Fact]
    public async Task ACreatedPasswordEnrolls()
    {
        var password = Json(await DoneAsync(Otp("create", "--entity-id", "device-10"))).GetProperty("otp").GetString();
        await DoneAsync(Est("enroll", "--user", $"device-10:{password}", "--subject", "CN=device-10", "--out", _folder["tenth"]));
        await VerifyAsync("tenth");
    }

    private string[] Est(string operation, params string[] options)
        => ["est", operation, "--url", $"https://localhost:{Server.Port}", "--cacert", Server.CaFile, .. options];

    private string[] Otp(string verb, params string[] words) => ["otp", verb, .. words, "--config", Server.ConfigFile, "--json"];

    private static async Task<string> DoneAsync(string[] arguments)
    {
        var result = await Peer.KipukaAsync(arguments);
        Assert.True(result.ExitCode == 0, $"kipuka {string.Join(' ', arguments)}: {result}");
        return result.Output;
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private async Task<X509Certificate2> VerifyAsync(string name)
    {
        var certificate = _folder[$"{name}.pem"];
        Assert.Equal($"{certificate}: OK\n", await Peer.RunAsync("openssl", "verify", "-CAfile", Server.CaFile, certificate));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder[$"{name}.key"]));
        return X509Certificate2.CreateFromPemFile(certificate, _folder[$"{name}.key"]);
    }
}
