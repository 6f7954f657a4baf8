using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Interop;

/// <summary>The journal at rsyslog: over UDP, TCP and TLS, refused, interrupted, and required.</summary>
public sealed class RsyslogTests : IDisposable
{
    private const string Table = "[audit.syslog]\nhostname = \"server1\"\nfacility = \"local3\"\n";

    private readonly TestAuthority _authority = new("Log CA");

    public void Dispose() => _authority.Dispose();

    // The book's form.
    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task An_enrollment_is_in_rsyslogs_file_with_its_structured_data(string scheme)
    {
        await using var log = await Rsyslog.RunAsync();
        await using var server = await StartAsync($"[audit]\nsyslog = \"{scheme}://127.0.0.1:{log.Port}\"\nsyslog_facility = \"local3\"\n");
        await AssertEnrollmentAsync(server, log);
    }

    // Longer messages than it is set up for rsyslog tears in two.
    [Fact]
    public async Task A_record_that_is_too_long_for_rsyslog_is_cut_and_arrives_as_one_message()
    {
        await using var log = await Rsyslog.RunAsync();
        await using var server = await StartAsync($"[audit]\ninclude_cert_data = true\n{Table}url = \"tcp://127.0.0.1:{log.Port}\"\n");
        using var small = await server.EnrollDeviceAsync("CN=small");
        using var large = await server.EnrollDeviceAsync("CN=large", Enumerable.Range(0, 90).Select(i => $"{new string('a', 60)}.{new string('b', 60)}.device-{i}.example"));
        await log.HasAsync(messages => messages.Any(message => Is(message, large)));
        Assert.Equal(Convert.ToBase64String(small.RawData), Rsyslog.Data(log.Messages.Single(message => Is(message, small))).GetProperty("certificate").GetString());
        var cut = log.Messages.Single(message => Is(message, large));
        Assert.Equal("true", Rsyslog.Data(cut).GetProperty("truncated").GetString());
        Assert.StartsWith(Rsyslog.Data(cut).GetProperty("certificate").GetString()![..^3], Convert.ToBase64String(large.RawData), StringComparison.Ordinal);
        Assert.Contains("CN=large", cut.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, log.Sequences.Count).Select(number => (long)number), log.Sequences);
    }

    // RFC 5425, with both of rsyslog's TLS libraries.
    [Theory]
    [InlineData("ossl")]
    [InlineData("gtls")]
    public async Task Over_TLS_too(string driver)
    {
        await using var log = await Rsyslog.RunTlsAsync(driver, _authority);
        await using var server = await StartAsync($"{Table}url = \"tcp+tls://localhost:{log.Port}\"\ntrust_anchors = \"log-ca.pem\"\n");
        await AssertEnrollmentAsync(server, log);
    }

    [Fact]
    public async Task RFC5425_4_2_1_a_server_of_another_CA_gets_nothing_and_health_says_why()
    {
        using var other = new TestAuthority("Other CA");
        await using var log = await Rsyslog.RunTlsAsync("ossl", other);
        await using var server = await StartAsync($"{Table}url = \"tcp+tls://localhost:{log.Port}\"\ntrust_anchors = \"log-ca.pem\"\n");
        await FaultAsync(server, "CN=localhost is not trusted");
        Assert.Empty(log.Messages);
    }

    [Fact]
    public async Task RFC5425_5_2_a_server_of_another_name_gets_nothing_and_health_says_why()
    {
        await using var log = await Rsyslog.RunTlsAsync("ossl", _authority, "log.example.com");
        await using var server = await StartAsync($"{Table}url = \"tcp+tls://localhost:{log.Port}\"\ntrust_anchors = \"log-ca.pem\"\n");
        await FaultAsync(server, "CN=log.example.com is not for localhost");
        Assert.Empty(log.Messages);
    }

    [Theory]
    [InlineData("ossl")]
    [InlineData("gtls")]
    public async Task RFC5425_4_2_2_where_rsyslog_asks_for_a_client_certificate_one_is_shown(string driver)
    {
        await using var log = await Rsyslog.RunTlsAsync(driver, _authority, client: true);
        var table = $"{Table}url = \"tcp+tls://localhost:{log.Port}\"\ntrust_anchors = \"log-ca.pem\"\n";
        await using (var without = await StartAsync(table))
        {
            await FaultAsync(without, $"tcp+tls://localhost:{log.Port}");
            Assert.Empty(log.Messages);
        }
        await using var server = await StartAsync(table + "cert = \"client.pem\"\nkey = \"client-key.pem\"\n");
        await AssertEnrollmentAsync(server, log);
    }

    [Fact]
    public async Task What_rsyslog_missed_comes_in_order_when_it_is_back()
    {
        await using var log = await Rsyslog.RunAsync();
        await using var server = await StartAsync($"{Table}url = \"tcp://127.0.0.1:{log.Port}\"\n");
        using var first = await server.EnrollDeviceAsync("CN=device-1");
        await log.HasAsync(messages => messages.Any(message => Is(message, first)));
        await log.StopAsync();
        using var second = await server.EnrollDeviceAsync("CN=device-2");
        using var third = await server.EnrollDeviceAsync("CN=device-3");
        await FaultAsync(server, $"tcp://127.0.0.1:{log.Port}: ");
        await log.StartAsync();
        await log.HasAsync(messages => messages.Any(message => Is(message, third)));
        Assert.Contains(log.Messages, message => Is(message, second));
        Assert.Equal(Enumerable.Range(1, log.Sequences.Count).Select(number => (long)number), log.Sequences);
    }

    [Fact]
    public async Task Required_nothing_is_issued_while_rsyslog_is_down()
    {
        await using var log = await Rsyslog.RunAsync();
        await using var server = await StartAsync($"[audit]\nrequired = true\n{Table}url = \"tcp://127.0.0.1:{log.Port}\"\n");
        using (await server.EnrollDeviceAsync("CN=device-1"))
        {
            await log.StopAsync();
        }
        // Nobody enrolls meanwhile: the server asks the sink by itself.
        await FaultAsync(server, $"tcp://127.0.0.1:{log.Port}: ");
        var password = await server.CreatePasswordAsync();
        using var csr = new Csr("CN=device-2");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.EnrollAsync(csr, password)).Status);

        await log.StartAsync();
        await SinkAsync(server, sink => sink.Status == "healthy");
        var answer = await server.EnrollAsync(csr, password);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        await log.HasAsync(messages => messages.Any(message => Is(message, answer.Certificate)));
        Assert.Equal(Enumerable.Range(1, log.Sequences.Count).Select(number => (long)number), log.Sequences);
    }

    // A label that is edited carries the sink over; its connection and its records stay whole.
    [Fact]
    public async Task A_reload_sends_no_record_twice()
    {
        await using var log = await Rsyslog.RunAsync();
        await using var server = await StartAsync($"{Table}url = \"tcp://127.0.0.1:{log.Port}\"\n");
        for (var turn = 0; turn < 3; turn++)
        {
            await File.AppendAllTextAsync(server.ConfigFile, $"\n[[est.label]]\nname = \"label{turn}\"\nca_id = \"default\"\n");
            var reload = server.AdminAsync(HttpMethod.Post, "reload");
            using var device = await server.EnrollDeviceAsync($"CN=device-{turn}");
            Assert.Equal(HttpStatusCode.OK, (await reload).Status);
            await log.HasAsync(messages => messages.Any(message => Is(message, device)));
        }
        Assert.Equal(Enumerable.Range(1, log.Sequences.Count).Select(number => (long)number), log.Sequences);
    }

    [Theory]
    [InlineData("[audit]\nsyslog = \"tls://log:6514\"", "2:10: [audit] syslog", "did you mean tcp+tls://log:6514?")]
    [InlineData("[audit]\nsyslog = \"udp://log\"\nsyslog_facility = \"locl3\"", "3:19: [audit] syslog_facility", "did you mean local3?")]
    [InlineData("[audit]\nsyslog_facility = \"local3\"", "1:1: [audit.syslog] url", "names no server")]
    [InlineData("[audit]\nsyslog = \"udp://log\"\ncert = \"client.pem\"", "3:1: [audit] cert", "is not a key here")]
    [InlineData("[audit.syslog]\nurl = \"tcp://log\"", "2:7: [audit.syslog] url", "such as tcp://log:514")]
    [InlineData("[audit.syslog]\nurl = \"tcp://log:514\"\ntrust_anchors = \"ca.pem\"", "3:17: [audit.syslog] trust_anchors", "has no effect without TLS")]
    [InlineData("[audit.syslog]\nurl = \"udp://log\"\nhost_name = \"x\"", "3:1: [audit.syslog] host_name", "hostname")]
    public async Task A_wrong_key_is_told_by_check_where_it_stands(string wrong, string place, string help)
    {
        using var folder = new ScratchFolder();
        await File.WriteAllTextAsync(folder["kipuka.toml"], wrong);
        await File.WriteAllTextAsync(folder["ca.pem"], _authority.CertificatePem);
        var result = await Peer.KipukaAsync("check", "--config", folder["kipuka.toml"]);
        Assert.NotEqual(0, result.ExitCode);
        var line = Assert.Single((result.Output + result.Error).Split('\n'), line => line.Contains($"kipuka.toml:{place}: ", StringComparison.Ordinal));
        Assert.Contains(help, line, StringComparison.Ordinal);
    }

    private async Task<KipukaServer> StartAsync(string audit)
    {
        using var client = _authority.Issue("CN=kipuka", ["kipuka"], ["1.3.6.1.5.5.7.3.2"]);
        return await KipukaServer.StartAsync(new ServerSetup
        {
            More = audit,
            Files = new Dictionary<string, string>
            {
                ["log-ca.pem"] = _authority.CertificatePem,
                ["client.pem"] = client.ExportCertificatePem(),
                ["client-key.pem"] = client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(),
            },
        });
    }

    private static async Task AssertEnrollmentAsync(KipukaServer server, Rsyslog log)
    {
        using var device = await server.EnrollDeviceAsync("CN=device \\\"1]", ["device-1"]);
        await log.HasAsync(messages => messages.Any(message => Is(message, device)));
        var message = log.Messages.Single(message => Is(message, device));
        var data = Rsyslog.Data(message);
        Assert.Equal("1", message.GetProperty("version").GetString());
        Assert.Equal("158", message.GetProperty("priority").GetString()); // local3.info
        Assert.Equal("kipuka", message.GetProperty("application").GetString());
        Assert.Equal("cert.issued", message.GetProperty("id").GetString());
        Assert.EndsWith("Z", message.GetProperty("time").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("\ufeffcert.issued success: ", message.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("CertIssue", data.GetProperty("niap").GetString());
        Assert.Contains("device", data.GetProperty("subject").GetString(), StringComparison.Ordinal);
        Assert.Equal(server.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), message.GetProperty("process").GetString());
        Assert.Matches("^[0-9a-f]{64}$", data.GetProperty("hash").GetString());
        Assert.Equal(Enumerable.Range(1, log.Sequences.Count).Select(number => (long)number), log.Sequences);
    }

    private static bool Is(System.Text.Json.JsonElement message, X509Certificate2 certificate)
        => message.GetProperty("id").GetString() == "cert.issued"
            && Rsyslog.Data(message).GetProperty("serial").GetString()!.TrimStart('0') == certificate.SerialNumber.ToLowerInvariant().TrimStart('0');

    private static Task FaultAsync(KipukaServer server, string reason)
        => SinkAsync(server, sink => sink.Error?.Contains(reason, StringComparison.Ordinal) == true);

    private static async Task SinkAsync(KipukaServer server, Func<(string? Status, string? Error), bool> condition)
    {
        (string? Status, string? Error) sink = default;
        await Rsyslog.UntilAsync(
            async () =>
            {
                var (_, body, _) = await server.AdminAsync(HttpMethod.Get, "health");
                var entry = body!.Value.GetProperty("sinks")[0];
                sink = (entry.GetProperty("status").GetString(), entry.GetProperty("error").GetString());
                return condition(sink);
            },
            () => $"the sink is {sink.Status}: {sink.Error}\n{server.Log}");
    }
}
