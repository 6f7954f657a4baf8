using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Kipuka.Interop;

/// <summary>A server with the CAs, files and operators that the book's chapters about the admin API speak of.</summary>
public sealed class AdminBookServer : IAsyncLifetime
{
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    private readonly SoftHsm _hsm = new();
    private readonly TestAuthority _operators = new("Operators CA");

    public KipukaServer Kipuka { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _hsm.MakeTokenAsync("HSM");
        await _hsm.MakeKeyAsync("HSM", "EC:secp384r1", "01", "iot-signing-key");
        await _hsm.MakeCertificateAsync("pkcs11:token=HSM;object=iot-signing-key", "iot-fleet");
        using var alice = _operators.Issue("CN=alice", usages: [ClientAuth]);
        var files = new Dictionary<string, string>
        {
            ["operators.pem"] = _operators.CertificatePem,
            ["admin.pem"] = alice.ExportCertificatePem(),
            ["admin-key.pem"] = alice.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(),
        };
        foreach (var id in (string[])["primary-ca", "backup-ca", "corp-devices"])
        {
            using var authority = new TestAuthority(id);
            files[$"{id}.pem"] = authority.CertificatePem;
            files[$"{id}-key.pem"] = authority.KeyPem;
        }
        Kipuka = await KipukaServer.StartAsync(new ServerSetup
        {
            Files = files,
            Environment = _hsm.Environment,
            More = "[admin.client_auth]\nmode = \"optional\"\ntrust_anchors = [\"operators.pem\"]\n" + HsmServer.Hsm()
                + HsmServer.Authority("iot-fleet", _hsm["iot-fleet.pem"], "key = \"pkcs11:token=HSM;object=iot-signing-key\"")
                + string.Concat(((string[])["primary-ca", "backup-ca", "corp-devices"]).Select(id => HsmServer.Authority(id, $"{id}.pem", $"key = \"{id}-key.pem\"")))
                + "[ha]\n[[ha.group]]\nname = \"production\"\nca_ids = [\"primary-ca\", \"backup-ca\"]\nstrategy = \"active-passive\"\nhealth_check_interval = \"1s\"\n",
        });
        // What the book's server has in its certificate's name, the test's has in a file.
        File.Copy(Kipuka.CaFile, Path.Combine(Kipuka.Folder, "admin-ca.pem"));
        using var csr = new Csr("CN=device-42.example.com", ["device-42.example.com"]);
        await File.WriteAllTextAsync(
            Path.Combine(Kipuka.Folder, "csr.pem"), PemEncoding.WriteString("CERTIFICATE REQUEST", csr.Der));
        // Every CA has signed and been looked at once.
        foreach (var label in (string[])["", "primary-ca/", "iot-fleet/", "corp-devices/"])
        {
            await IssueAsync(label);
        }
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await AreCheckedAsync())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>The serial number of a fresh certificate.</summary>
    public async Task<string> IssueAsync(string label = "primary-ca/")
    {
        using var csr = new Csr("CN=device-42.example.com", ["device-42.example.com"]);
        var answer = await Kipuka.EnrollAsync(csr, await Kipuka.CreatePasswordAsync(), path: $"{label}simpleenroll");
        Assert.True(answer.Status == HttpStatusCode.OK, answer + Kipuka.Log);
        return answer.Certificate.SerialNumber.ToLowerInvariant();
    }

    public async Task DisposeAsync()
    {
        await Kipuka.DisposeAsync();
        _hsm.Dispose();
        _operators.Dispose();
    }

    private async Task<bool> AreCheckedAsync()
    {
        var (_, cas, _) = await Kipuka.AdminAsync(HttpMethod.Get, "ca");
        return cas!.Value.EnumerateArray().Where(ca => ca.GetProperty("id").GetString() is "primary-ca" or "backup-ca")
            .All(ca => ca.GetProperty("last_check").ValueKind == JsonValueKind.String);
    }
}
