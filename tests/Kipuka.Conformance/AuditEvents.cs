using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kipuka.Conformance;

/// <summary>
/// Every event of ruling 55 is provoked as a client or an operator would, and found in the database, in the file and with a syslog server. The
/// events of Kerberos are proven in tests/Kipuka.Interop, where there is a KDC.
/// </summary>
public sealed partial class AuditEvents : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly UdpClient _syslog = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly ConcurrentDictionary<long, string> _heard = [];
    private readonly CancellationTokenSource _end = new();
    private readonly ScriptedCa _scripted = new();
    private readonly TestAuthority _stranger = new("Strange CA");
    private Task _hearing = Task.CompletedTask;
    private KipukaServer _server = null!;

    public async Task InitializeAsync()
    {
        _hearing = HearAsync();
        var signed = await AuditServer.SetupAsync();
        _server = await KipukaServer.StartAsync(signed with
        {
            Plugins = ["ca-scripted"],
            Est = "serverkeygen = true",
            Files = signed.Files.Concat(_scripted.Files("wrong")).ToDictionary(),
            More = signed.More + $"""
                syslog = "udp://127.0.0.1:{((IPEndPoint)_syslog.Client.LocalEndPoint!).Port}"
                {_scripted.Tables("scripted")}
                [[est.label]]
                name = "rsa"
                ca_id = "default"
                require_san = false
                allowed_key_types = ["rsa2048"]
                [[est.label]]
                name = "watched"
                ca_id = "default"
                require_san = false
                approval = "manual"
                """,
        });
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _end.CancelAsync();
        await _hearing;
        _syslog.Dispose();
        _end.Dispose();
        _scripted.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    [Requirement("NIAP CA PP", "FAU_GEN.1", Level.Must, "Every auditable event is recorded with time, type, subject, outcome and source, in the database, the file and at the syslog server.")]
    [Requirement("NIAP CA PP", "FAU_GEN.2", Level.Must, "A record names who caused the event, and from where.")]
    public async Task Every_event_is_in_the_database_the_file_and_the_syslog_servers_log()
    {
        await _server.AdminAsync(HttpMethod.Post, "otp", new { entity_id = "short", ttl_seconds = 1 });
        using var device = await EnrollmentsAsync();
        await ToldAsync();
        await RefusalsAsync(device);
        await DecisionsAsync();
        await OperatorsAsync();
        await WaitForAsync("otp.expired");
        await WaitForAsync("ca.health.changed");
        Assert.Equal(0, await _server.StopAsync());

        // Nobody can wait for a certificate's end: the clock of the row is put back instead.
        var serial = device.SerialNumber.ToLowerInvariant();
        AuditServer.Tamper(_server.DatabaseFile, $"UPDATE certificates SET not_after = 1000000 WHERE serial = '{serial}'");
        await _server.StartProcessAsync();
        await WaitForAsync("cert.expired");

        var records = Records();
        foreach (var (name, niap, holds) in Expected(serial))
        {
            var found = records.Where(record => record.Name == name).ToList();
            Assert.True(found.Exists(record => record.Niap == niap && holds(record)), $"{name}: {string.Join('\n', found)}");
        }
        Assert.All(records, record => Assert.NotEmpty(record.Niap));
        // Once: not two of what happened one time.
        foreach (var (name, times) in new[]
        {
            ("otp.expired", 1), ("cert.expired", 1), ("auth.otp.lockout", 1), ("plugin.refused", 1), ("otp.revoked", 1), ("key.generated", 1),
            ("cert.revoked", 2), ("revocation.told", 1), ("revocation.failed", 1), ("approval.requested", 2), ("approval.granted", 1),
            ("approval.rejected", 1), ("replacement.set", 1), ("replacement.lifted", 1), ("admin.login", 1), ("admin.logout", 1),
        })
        {
            Assert.Equal((name, times), (name, records.Count(record => record.Name == name)));
        }
        await HaveAllAsync(records[^1]);
        var file = Lines(await FileAsync());
        foreach (var record in records)
        {
            Assert.Equal(record.Name, file[record.Sequence]);
            Assert.True(_heard.TryGetValue(record.Sequence, out var heard) && heard == record.Name, $"syslog: {record}");
        }

        // The last one, for it takes the others out of the journal.
        var (status, _, text) = await _server.AdminAsync(HttpMethod.Post, "audit/archive", new { before = DateTimeOffset.UtcNow });
        Assert.True(status == HttpStatusCode.OK, text);
        var archived = Assert.Single(Records(), record => record.Name == "audit.archived");
        Assert.True(archived.Niap == "AuditArchive" && ByOperator(archived) && archived.Details.ContainsKey("last"), archived.Text);
        await HaveAllAsync(archived);
    }

    private Task HaveAllAsync(Row last) => UntilAsync(async () =>
        Lines(await FileAsync()).GetValueOrDefault(last.Sequence) == last.Name && _heard.GetValueOrDefault(last.Sequence) == last.Name);

    private async Task<X509Certificate2> EnrollmentsAsync()
    {
        var device = await _server.EnrollDeviceAsync("CN=audited");
        using var renewal = new Csr("CN=audited", key: device.GetECDsaPrivateKey());
        Assert.Equal(HttpStatusCode.OK, (await _server.EnrollAsync(renewal, certificate: device, path: "simplereenroll")).Status);
        using var renamed = new Csr("CN=somebody else");
        Assert.Equal(HttpStatusCode.Forbidden, (await _server.EnrollAsync(renamed, certificate: device, path: "simplereenroll")).Status);
        using var rsa = new Csr("CN=for a key", key: System.Security.Cryptography.RSA.Create(2048));
        Assert.Equal(HttpStatusCode.OK, (await _server.EnrollAsync(rsa, await _server.CreatePasswordAsync(), path: "serverkeygen")).Status);
        return device;
    }

    private async Task RefusalsAsync(X509Certificate2 device)
    {
        using var csr = new Csr("CN=refused");
        var password = await _server.CreatePasswordAsync("refused", maxUses: 100);
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.EnrollAsync(csr, password, path: "rsa/simpleenroll")).Status);
        // Altered on its way.
        var broken = csr.Der.ToArray();
        broken[^1] ^= 1;
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.SendAsync(HttpMethod.Post, "simpleenroll", broken, "application/pkcs10", password)).Status);
        using var foreign = _stranger.Issue("CN=foreign", usages: ["1.3.6.1.5.5.7.3.2"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _server.EnrollAsync(csr, certificate: foreign)).Status);
        for (var i = 0; i < 6; i++)
        {
            await _server.EnrollAsync(csr, password[..^1] + (password[^1] == 'A' ? 'B' : 'A'));
        }
        // A CA that answers with another certificate, and so is taken out of service.
        var scripted = await _server.CreatePasswordAsync("scripted", maxUses: 100);
        for (var i = 0; i < 6; i++)
        {
            using var next = new Csr($"CN=wrong {i}");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _server.EnrollAsync(next, scripted, path: "scripted/simpleenroll")).Status);
        }
        Assert.Equal(HttpStatusCode.OK, (await _server.AdminAsync(HttpMethod.Post, $"certs/{device.SerialNumber}/revoke", new { reason = "keyCompromise" })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _server.EnrollAsync(csr, certificate: device, path: "simplereenroll")).Status);
    }

    // A CA that keeps its own record of revocations, and does not agree at first.
    private async Task ToldAsync()
    {
        ScriptedCa.Say(_server, "issue");
        using var device = await _server.EnrollDeviceAsync("CN=told", path: "scripted/simpleenroll");
        ScriptedCa.Say(_server, "refuse");
        Assert.Equal(HttpStatusCode.OK, (await _server.AdminAsync(HttpMethod.Post, $"certs/{device.SerialNumber}/revoke", new { reason = "superseded" })).Status);
        await WaitForAsync("revocation.failed");
        ScriptedCa.Say(_server, "issue");
        await WaitForAsync("revocation.told");
        ScriptedCa.Say(_server, "wrong");
    }

    private async Task DecisionsAsync()
    {
        foreach (var decision in new[] { "approve", "reject" })
        {
            using var csr = new Csr($"CN=to {decision}");
            var password = await _server.CreatePasswordAsync();
            Assert.Equal(HttpStatusCode.Accepted, (await _server.EnrollAsync(csr, password, path: "watched/simpleenroll")).Status);
            var (_, list, _) = await _server.AdminAsync(HttpMethod.Get, "requests");
            var id = Assert.Single(list!.Value.GetProperty("requests").EnumerateArray()).GetProperty("id").GetString();
            Assert.Equal(HttpStatusCode.OK, (await _server.AdminAsync(HttpMethod.Post, $"requests/{id}/{decision}", new { reason = "a test" })).Status);
        }
        var soon = DateTimeOffset.UtcNow.AddMinutes(5);
        var (_, window, text) = await _server.AdminAsync(
            HttpMethod.Post, "renewal-info", new { ca = "default", subject = "nobody", start = soon, end = soon.AddDays(1), reason = "a test" });
        Assert.True(window is not null, text);
        Assert.Equal(
            HttpStatusCode.NoContent, (await _server.AdminAsync(HttpMethod.Delete, $"renewal-info/{window!.Value.GetProperty("id").GetString()}")).Status);
    }

    private async Task OperatorsAsync()
    {
        Assert.Equal(HttpStatusCode.OK, (await _server.AdminAsync(HttpMethod.Post, "login")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await _server.AdminAsync(HttpMethod.Post, "logout")).Status);
        var (_, otp, _) = await _server.AdminAsync(HttpMethod.Post, "otp", new { entity_id = "to revoke" });
        Assert.Equal(HttpStatusCode.NoContent, (await _server.AdminAsync(HttpMethod.Delete, $"otp/{otp!.Value.GetProperty("id").GetString()}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _server.AdminAsync(HttpMethod.Get, "certs")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _server.AdminAsync(HttpMethod.Get, "certs", token: "wrong")).Status);
        using var client = _server.Client();
        using var crossSite = new HttpRequestMessage(HttpMethod.Post, $"https://localhost:{_server.AdminPort}/admin/reload");
        crossSite.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _server.AdminToken);
        crossSite.Headers.TryAddWithoutValidation("Origin", "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(crossSite)).StatusCode);

        // A folder that anybody could change, and a CA that goes.
        var plugin = Path.Combine(_server.Folder, "plugins", "ca-scripted");
        var mode = File.GetUnixFileMode(plugin);
        File.SetUnixFileMode(plugin, mode | UnixFileMode.OtherWrite);
        Assert.Equal(HttpStatusCode.Conflict, (await _server.AdminAsync(HttpMethod.Post, "reload")).Status);
        File.SetUnixFileMode(plugin, mode);
        await WaitForAsync("ca.health.changed");
        Assert.Equal(HttpStatusCode.OK, (await _server.AdminAsync(HttpMethod.Post, "reload")).Status);
    }

    private static IEnumerable<(string Name, string Niap, Func<Row, bool> Holds)> Expected(string serial) =>
    [
        ("server.startup", "AuditStart", row => row.Details.ContainsKey("version")),
        ("server.shutdown", "AuditStop", row => row.Success),
        ("plugin.loaded", "AdminAction", row => row.Details["plugin"] == "ca-file" && row.Details["pin"] == "shipped" && row.Details["hash"].Length == 64),
        ("plugin.refused", "SecurityViolation", row => !row.Success && row.Details["reason"].Contains("writable", StringComparison.Ordinal)),
        ("key.loaded", "KeyLoad", row => row.Authority == "default" && row.Details["fingerprint"].Length == 64),
        ("key.destroyed", "KeyDestroy", row => row.Authority == "default"),
        ("key.generated", "KeyGenerate", row => row.Label is null && row.Source == "127.0.0.1" && row.Details["operation"] == "serverkeygen"),
        ("ca.started", "CaStart", row => row.Authority == "default"),
        ("ca.stopped", "CaStop", row => row.Authority == "default"),
        ("ca.health.changed", "CaHealthChange", row => row.Authority == "scripted" && row.Details.ContainsKey("to")),
        ("audit.anchored", "AuditAnchor", row => row.Details.ContainsKey("signature")),
        ("config.reloaded", "AdminAction", row => row.Success && ByOperator(row)),
        ("config.reloaded", "AdminAction", row => !row.Success && ByOperator(row) && row.Details.ContainsKey("reason")),
        ("admin.access", "AdminAction", row => row.Success && ByOperator(row) && row.Details["path"] == "/admin/certs"),
        ("admin.access", "AdminAction", row => !row.Success && row.Source == "127.0.0.1"),
        ("admin.action", "AdminAction", row => row.Success && ByOperator(row)),
        ("admin.login", "AdminLogin", row => row.Success && ByOperator(row)),
        ("admin.logout", "AdminLogout", row => row.Success && ByOperator(row)),
        ("approval.requested", "EnrollRequest", row => row.Label == "watched" && row.Details["subject"] == "CN=to approve"),
        ("approval.granted", "AdminAction", row => ByOperator(row) && row.Details["subject"] == "CN=to approve" && row.Details["reason"] == "a test"),
        ("approval.rejected", "EnrollReject", row => ByOperator(row) && row.Details["reason"] == "a test"),
        ("replacement.set", "AdminAction", row => ByOperator(row) && row.Details["reason"] == "a test"),
        ("replacement.lifted", "AdminAction", row => ByOperator(row)),
        ("revocation.failed", "CaNotify", row => !row.Success && row.Authority == "scripted" && row.Details["reason"].Contains("the script says no", StringComparison.Ordinal)),
        ("revocation.told", "CaNotify", row => row.Success && row.Authority == "scripted" && row.Details["fingerprint"].Length == 64),
        ("otp.created", "OtpCreate", row => ByOperator(row) && row.Details["entity_id"] == "to revoke"),
        ("otp.revoked", "OtpRevoke", row => ByOperator(row) && row.Details.ContainsKey("token_id")),
        ("otp.used", "OtpUse", row => ByDevice(row) && row.Serial == serial && row.Details["fingerprint"].Length == 64),
        ("otp.expired", "OtpExpire", row => row.Details["entity_id"] == "short"),
        ("auth.otp.success", "AuthSuccess", row => ByDevice(row)),
        ("auth.otp.failure", "AuthFailure", row => !row.Success && row.Source == "127.0.0.1" && row.Details.ContainsKey("reason")),
        ("auth.otp.lockout", "AuthFailure", row => row.Source == "127.0.0.1" && row.Details["reason"] == "lockout"),
        ("auth.mtls.success", "AuthSuccess", row => row.Serial == serial && row.Details["fingerprint"].Length == 64),
        ("auth.mtls.failure", "AuthFailure", row => row.Source == "127.0.0.1" && row.Details.ContainsKey("reason")),
        ("auth.certificate.failure", "AuthFailure", row => !row.Success && row.Serial == serial && row.Details["reason"].Contains("revoked", StringComparison.Ordinal)),
        ("enroll.request", "EnrollRequest", row => ByDevice(row)),
        ("enroll.success", "CertIssue", row => row.Serial == serial && ByDevice(row) && row.Details["fingerprint"].Length == 64),
        ("enroll.failure", "EnrollReject", row => !row.Success && row.Label == "rsa" && row.Details.ContainsKey("reason")),
        ("reenroll.request", "EnrollRequest", row => row.Actor!.StartsWith("mtls:", StringComparison.Ordinal)),
        ("reenroll.success", "CertReenroll", row => row.Authority == "default" && row.Serial is not null),
        ("reenroll.failure", "EnrollReject", row => !row.Success && row.Details.ContainsKey("reason")),
        ("cert.issued", "CertIssue", row => row.Serial == serial && row.Authority == "default" && ByDevice(row) && row.Details["fingerprint"].Length == 64),
        ("cert.renewed", "CertReenroll", row => row.Details["subject"] == "CN=audited" && row.Details["renewed_serial"] == serial),
        ("cert.denied", "EnrollReject", row => !row.Success && row.Label == "rsa" && row.Details.ContainsKey("reason")),
        ("cert.revoked", "CertRevoke", row => row.Serial == serial && ByOperator(row) && row.Details["reason"] == "keyCompromise" && row.Details["fingerprint"].Length == 64),
        ("cert.expired", "CertExpire", row => row.Serial == serial && row.Authority == "default" && row.Details["fingerprint"].Length == 64),
        ("security.violation", "SecurityViolation", row => row.Details["code"] == "possession" && ByDevice(row)),
        ("security.violation", "SecurityViolation", row => row.Details["code"] == "revoked" && row.Serial == serial),
        ("security.violation", "SecurityViolation", row => row.Details["code"] == "ca-answer" && row.Authority == "scripted"),
        ("security.violation", "SecurityViolation", row => row.Details["code"] == "foreign-origin" && ByOperator(row)),
    ];

    private static bool ByOperator(Row row) => row.Actor == "bearer:tests" && row.Source == "127.0.0.1";

    private static bool ByDevice(Row row) => row.Actor!.StartsWith("otp:", StringComparison.Ordinal) && row.Source == "127.0.0.1";

    private List<Row> Records() => AuditServer.Query(
        _server.DatabaseFile,
        "SELECT sequence, event_type, niap, success, actor, source_ip, label, ca, serial, details FROM audit_log ORDER BY sequence").ConvertAll(Row.Of);

    private Task WaitForAsync(string name) => UntilAsync(() => Task.FromResult(Records().Exists(record => record.Name == name)));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await holds())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    // Another process than this one, whose reader would ask for a lock of its own.
    private async Task<string> FileAsync() => (await Tool.RunAsync("cat", [Path.Combine(_server.Folder, "audit.jsonl")])).Output;

    private static Dictionary<long, string> Lines(string file) => file.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonDocument.Parse(line).RootElement)
        .ToDictionary(line => line.GetProperty("sequence").GetInt64(), line => line.GetProperty("event_type").GetString()!);

    private async Task HearAsync()
    {
        try
        {
            while (true)
            {
                var datagram = await _syslog.ReceiveAsync(_end.Token);
                var text = Encoding.UTF8.GetString(datagram.Buffer);
                var sequence = long.Parse(SequencePattern().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);
                _heard[sequence] = NamePattern().Match(text).Groups[1].Value;
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    [GeneratedRegex(" sequence=\"(\\d+)\"")]
    private static partial Regex SequencePattern();

    [GeneratedRegex(" event_type=\"([^\"]+)\"")]
    private static partial Regex NamePattern();

    private sealed record Row(
        long Sequence, string Name, string Niap, bool Success, string? Actor, string? Source, string? Label, string? Authority, string? Serial,
        IReadOnlyDictionary<string, string> Details, string Text)
    {
        public static Row Of(string text)
        {
            var parts = text.Split('|', 10);
            return new Row(
                long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], parts[2], parts[3] == "1", Value(parts[4]), Value(parts[5]), Value(parts[6]),
                Value(parts[7]), Value(parts[8]), JsonSerializer.Deserialize<Dictionary<string, string>>(parts[9])!, text);
        }

        public override string ToString() => Text;

        private static string? Value(string text) => text.Length == 0 ? null : text;
    }
}
