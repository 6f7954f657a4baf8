using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Kipuka.Interop;

/// <summary>Full CMC end to end: Bouncy Castle over Java's own TLS, OpenSSL's CMS with curl, and kipuka's own command.</summary>
public sealed class FullCmcTests : IAsyncLifetime
{
    private const string PkiData = "1.3.6.1.5.5.7.12.2";

    private readonly ScratchFolder _folder = new();
    private readonly TestAuthority _authority = new("Kipuka Test CA");
    private X509Certificate2? _device;
    private KipukaServer? _server;
    private CmcPeer? _java;

    private KipukaServer Server => _server!;

    private CmcPeer Java => _java!;

    public async Task InitializeAsync()
    {
        _server = await KipukaServer.StartAsync(new ServerSetup { Authority = _authority, Est = "fullcmc = true" });
        _java = await CmcPeer.StartAsync();
        _device = await Server.EnrollDeviceAsync("CN=interop");
        await Java.LoadAsync("device", _device);
        await Java.LoadAsync("ca", _authority.Certificate);
        await File.WriteAllTextAsync(_folder["device.pem"], _device.ExportCertificatePem());
        await File.WriteAllTextAsync(_folder["device.key"], _device.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(_folder["device.key"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public async Task DisposeAsync()
    {
        if (_java is not null)
        {
            await _java.DisposeAsync();
        }
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        _device?.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task BouncyCastleRenewsByPkcs10AndByCrmf()
    {
        var message = await Java.MakeAsync("key a ec", "key b rsa", "pkcs10 1 a CN=interop", "crmf 2 b CN=interop", "sign device");
        var reply = await Java.PostAsync($"{Server.Url}/fullcmc", "ca", "device", message);
        Assert.All(reply.Statuses, status => Assert.Equal(0, status.Status));
        Assert.All(reply.Signers, signer => Assert.True(signer.Holds));
        Assert.Equal(["CN=interop", "CN=interop"], reply.Issued.Select(one => one.Subject));
    }

    [Fact]
    public async Task OpenSslSignsAndVerifiesWhatCurlCarries()
    {
        await File.WriteAllBytesAsync(_folder["pkidata"], await Java.MakeBareAsync("key a ec", "pkcs10 1 a CN=interop"));
        await Peer.BashAsync($"""
            cd {_folder.Path}
            openssl cms -sign -binary -nodetach -econtent_type {PkiData} -in pkidata -signer device.pem -inkey device.key -outform DER -out request.der
            openssl base64 -A -in request.der -out request.b64
            curl -sS --fail --cacert {Server.CaFile} --cert device.pem --key device.key -H 'Content-Type: application/pkcs7-mime; smime-type=CMC-request' \
                --data-binary @request.b64 -o answer.b64 {Server.Url}/fullcmc
            openssl base64 -d -A -in answer.b64 -out answer.der
            openssl cms -verify -binary -inform DER -in answer.der -CAfile {Server.CaFile} -purpose any -certsout certificates.pem -out pkiresponse
            """);
        var reply = await Java.ReadAsync(await File.ReadAllBytesAsync(_folder["answer.der"]));
        Assert.Equal("CN=interop", Assert.Single(reply.Issued).Subject);
    }

    [Fact]
    public async Task TheOwnCommandSendsAndShows()
    {
        await File.WriteAllBytesAsync(_folder["good.cmc"], await Java.MakeAsync("key a ec", "pkcs10 7 a CN=interop", "sign device"));
        var good = await FullCmcAsync("good.cmc", "--out", _folder["issued"]);
        Assert.True(good.ExitCode == 0, good.ToString());
        Assert.Contains("part 7: success", good.Output, StringComparison.Ordinal);
        using var issued = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(_folder["issued.pem"]));
        Assert.Equal("CN=interop", issued.Subject);
        Assert.Contains("CN=localhost", good.Error, StringComparison.Ordinal);

        await File.WriteAllTextAsync(_folder["bad.cmc"], Convert.ToBase64String(
            await Java.MakeAsync("key a ec", "pkcs10 7 a CN=interop", "pkcs10 8 a CN=other", "sign device")));
        var bad = await FullCmcAsync("bad.cmc", "--json");
        Assert.Equal(1, bad.ExitCode);
        using var json = JsonDocument.Parse(bad.Output);
        var failed = json.RootElement.GetProperty("statuses").EnumerateArray().Single(status => status.GetProperty("status").GetString() == "failed");
        Assert.Equal("badIdentity", failed.GetProperty("failure").GetString());
        Assert.Equal(1, json.RootElement.GetProperty("certificates").GetArrayLength());

        await File.WriteAllTextAsync(_folder["nonsense.cmc"], "nonsense!");
        Assert.Equal(2, (await FullCmcAsync("nonsense.cmc")).ExitCode);
    }

    private Task<Tool.Result> FullCmcAsync(string file, params string[] more) => Peer.KipukaAsync(
        ["est", "fullcmc", "--url", $"https://localhost:{Server.Port}", "--cacert", Server.CaFile, "--cert", _folder["device.pem"], "--key", _folder["device.key"],
            "--in", _folder[file], .. more]);
}
