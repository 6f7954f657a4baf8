using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Kipuka.Plugins.Tests.AuthGssapi;
using Kipuka.Testing;

namespace Kipuka.Plugins.Tests.Tck;

/// <summary>Every shipped plugin keeps its contract: <c>kipuka plugin verify</c> over the built folder, in a load context as in a server.</summary>
public sealed class ShippedPluginTests : IDisposable
{
    private const string OneTime = "one-time-hold one-time-exclusive one-time-race one-time-release one-time-spend one-time-spend-again one-time-lapse one-time-restart";

    private readonly ScratchFolder folder = new();

    [Fact]
    public async Task Ca_file_with_a_chain() => await VerifyAsync("ca-file", "refusal outage pending probe-makes-nothing random key-generation revocation", """
        [[ca]]
        id = "default"
        cert = "issuer.pem"
        chain = "ca.pem"
        key = "issuer-key.pem"
        """);

    [Theory]
    [InlineData("rsa:2048", "")]
    [InlineData("rsa:3072", "rsa_padding = \"pss\"")]
    [InlineData("rsa:4096", "")]
    [InlineData("EC:prime256v1", "")]
    [InlineData("EC:secp384r1", "")]
    [InlineData("EC:secp521r1", "max_sessions = 2")]
    public async Task Ca_pkcs11_with_a_key_of(string type, string more)
    {
        using var hsm = new SoftHsm();
        await hsm.MakeTokenAsync("kipuka");
        await hsm.MakeKeyAsync("kipuka", type, "01", "ca");
        var certificate = await hsm.MakeCertificateAsync("pkcs11:token=kipuka;object=ca", "ca");
        var module = await hsm.BuildFaultModuleAsync();
        WriteSecret("hsm.pin", SoftHsm.Pin);
        await VerifyAsync("ca-pkcs11", "refusal pending probe-makes-nothing revocation", $"""
            [hsm]
            library = "{module}"
            pin_file = "hsm.pin"
            [[ca]]
            id = "default"
            cert = "{certificate}"
            key = "pkcs11:token=kipuka;object=ca"
            {more}
            [verify]
            outage = "echo removed 1 > '{hsm["fault"]}'"
            recovery = "echo removed 0 > '{hsm["fault"]}'"
            """, hsm.Environment);
    }

    [Fact]
    public async Task Auth_otp() => await VerifyAsync("auth-otp", "", """
        [otp]
        enabled = true
        hash_algorithm = "sha256-hmac"
        [verify.auth]
        command = "otp create"
        user_password = ":{token}"
        """);

    // A ticket is good for one request, so that no peer can be given: the proofs are in Kipuka.Interop, with a KDC.
    [Fact]
    public async Task Auth_gssapi()
    {
        WriteSecret("service.keytab", Gssapi.KeytabOf(Gssapi.Service));
        await VerifyAsync("auth-gssapi", $"accepts altered identity store-fault {OneTime}", $$"""
            [gssapi]
            keytab = "service.keytab"
            service_principal = "{{Gssapi.Service}}"
            default_template = "CN={principal}"
            """);
    }

    [Fact]
    public async Task Auth_mtls() => await VerifyAsync("auth-mtls", OneTime, """
        [tls.client_auth]
        trust_anchors = ["ca.pem"]
        [verify.auth]
        certificates = "device.pem"
        """);

    [Fact]
    public async Task Transport_https() => await VerifyAsync("transport-https", "", """
        [server]
        listen = "127.0.0.1:0"
        [tls]
        cert = "device.pem"
        key = "device-key.pem"
        [verify.transport]
        client = "https"
        operations = ["ca_certs", "csr_attrs", "simple_enroll", "simple_re_enroll", "server_key_gen", "full_cmc"]
        """);

    [Theory]
    [InlineData("active-passive")]
    [InlineData("round-robin")]
    [InlineData("weighted")]
    [InlineData("latency-based")]
    public async Task Ha_standard(string strategy) => await VerifyAsync("ha-standard", "", $"""
        [[ha.group]]
        name = "one"
        ca_ids = ["a", "b"]
        strategy = "{strategy}"
        """);

    [Fact]
    public async Task Audit_file() => await VerifyAsync("audit-file", "", """
        [audit.file]
        file = "log/audit.jsonl"
        [verify]
        outage = "mv log gone"
        recovery = "mv gone log"
        [verify.audit]
        read = "log/audit.jsonl"
        """);

    // A receiver that keeps all that it is sent; the system's acknowledgement is all that a syslog server gives (RFC 6587).
    [Fact]
    public async Task Audit_syslog()
    {
        using var stop = new CancellationTokenSource();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var received = new FileStream(folder["received"], FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var receiving = ReceiveAsync(listener, received, stop.Token);
        await VerifyAsync("audit-syslog", "outage", $"""
            [audit.syslog]
            url = "tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"
            framing = "newline"
            [verify.audit]
            read = "received"
            """);
        await stop.CancelAsync();
        await receiving;
    }

    [Fact]
    public async Task A_folder_is_verified_by_its_own_rules_and_the_last_line_pins_it()
    {
        var (text, hash) = (await RunAsync("audit-file", "[audit.file]\nfile = \"audit.jsonl\"\n", null), await HashAsync("audit-file"));
        Assert.True(text.ExitCode == 0, text.ToString());
        Assert.EndsWith($"\"audit-file\" = \"sha256:{hash}\"\n", text.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[audit.file]\nfile = \"audit.jsonl\"\nfiel = 1\n", "fiel")]
    [InlineData("[audit.file]\n", "file")]
    [InlineData("[otp]\nenabled = true\n", "selects no plugin")]
    [InlineData("[audit.file]\nfile = \"audit.jsonl\"\n[verify]\nouttage = \"true\"\n", "outtage")]
    public async Task A_wrong_file_is_exit_2_with_a_reason(string settings, string reason)
    {
        var result = await RunAsync("audit-file", settings, null);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static async Task ReceiveAsync(TcpListener listener, FileStream received, CancellationToken stop)
    {
        using var writing = new SemaphoreSlim(1);
        List<Task> clients = [];
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop);
                clients.Add(Task.Run(() => KeepAsync(client), CancellationToken.None));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(clients);
        }

        async Task KeepAsync(TcpClient client)
        {
            using (client)
            {
                // Whole lines, so that two connections do not mix within one.
                using var lines = new StreamReader(client.GetStream());
                while (await lines.ReadLineAsync(CancellationToken.None) is { } line)
                {
                    await writing.WaitAsync(CancellationToken.None);
                    await received.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"{line}\n"), CancellationToken.None);
                    writing.Release();
                }
            }
        }
    }

    private async Task VerifyAsync(string plugin, string notApplicable, string settings, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var result = await RunAsync(plugin, settings, environment, "--json");
        Assert.True(result.ExitCode == 0, result.ToString());
        using var report = JsonDocument.Parse(result.Output);
        var checks = report.RootElement.GetProperty("checks").EnumerateArray().ToList();
        Assert.NotEmpty(checks);
        Assert.Equal(
            notApplicable.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            checks.Where(check => check.GetProperty("result").GetString() != "passed").Select(check => check.GetProperty("check").GetString()));
        Assert.Equal(await HashAsync(plugin), report.RootElement.GetProperty("sha256").GetString());
    }

    private static async Task<string> HashAsync(string plugin)
        => (await Tool.RunAsync(Repository.Executable, ["plugin", "hash", Folder(plugin)])).Output.Split(' ')[0];

    private static string Folder(string plugin) => Path.Combine(Repository.Build, "plugins", plugin);

    private async Task<Tool.Result> RunAsync(string plugin, string settings, IReadOnlyDictionary<string, string?>? environment, params string[] more)
    {
        using var root = new TestAuthority("Root");
        using var issuer = new TestAuthority("Issuer", parent: root);
        using var device = root.Issue("CN=localhost", ["localhost"]);
        Directory.CreateDirectory(folder["log"]);
        File.WriteAllText(folder["ca.pem"], root.CertificatePem);
        File.WriteAllText(folder["issuer.pem"], issuer.CertificatePem);
        File.WriteAllText(folder["device.pem"], device.ExportCertificatePem());
        WriteSecret("issuer-key.pem", issuer.KeyPem);
        WriteSecret("device-key.pem", device.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(folder["verify.toml"], settings);
        return await Tool.RunAsync(Repository.Executable, ["plugin", "verify", Folder(plugin), "--settings", folder["verify.toml"], .. more], folder.Path, environment);
    }

    private void WriteSecret(string name, string content) => WriteSecret(name, System.Text.Encoding.UTF8.GetBytes(content));

    private void WriteSecret(string name, byte[] content)
    {
        File.WriteAllBytes(folder[name], content);
        File.SetUnixFileMode(folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
