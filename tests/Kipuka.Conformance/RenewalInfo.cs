using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Kipuka.Conformance;

/// <summary>When to renew (draft-ietf-lamps-est-renewal-info, which follows RFC 9773 section 4).</summary>
public sealed class RenewalInfo(RenewalInfo.Server server) : IClassFixture<RenewalInfo.Server>
{
    public sealed class Server : EstServer
    {
        public TestAuthority Second { get; } = new("Second CA");

        protected override ServerSetup Setup => new()
        {
            Files = new Dictionary<string, string> { ["second.pem"] = Second.CertificatePem, ["second-key.pem"] = Second.KeyPem },
            More = """
                [[est.label]]
                name = "iot"
                ca_id = "default"
                require_san = false
                [[est.label]]
                name = "second"
                ca_id = "second"
                require_san = false
                [[ca]]
                id = "second"
                cert = "second.pem"
                key = "second-key.pem"
                """,
        };
    }

    [Fact]
    [Requirement("draft-ietf-lamps-est-renewal-info", "", Level.Must, "When to renew is told for a certificate named by its authority key identifier and its serial number.")]
    [Requirement("RFC 9773", "4.2", Level.Must, "The answer is JSON with a suggestedWindow whose end comes after its start.")]
    [Requirement("RFC 9773", "4.3", Level.Must, "Retry-After says when to ask again.")]
    public async Task Anybody_learns_the_window_of_a_certificate_as_JSON_with_Retry_After()
    {
        using var device = await server.Kipuka.EnrollDeviceAsync("CN=fresh", path: "iot/simpleenroll");
        var before = JournalRecord.Of(server.Kipuka).Count;
        var answer = await AskAsync(device, "iot");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/json", answer.ContentHeaders.ContentType!.ToString());
        Assert.Equal(TimeSpan.FromHours(6), answer.Headers.RetryAfter!.Delta);
        Assert.False(answer.Headers.Contains("Content-Transfer-Encoding"));
        var (start, end) = Window(answer);
        var (from, life) = (new DateTimeOffset(device.NotBefore), device.NotAfter - device.NotBefore);
        Assert.Equal(0, (start - (from + life * 0.67)).TotalSeconds, 1.0);
        Assert.Equal(0, (end - (from + life * 0.75)).TotalSeconds, 1.0);
        // The same for everybody, and at the path without a label, whose CA it is too.
        Assert.Equal(answer.Text, (await AskAsync(device, "iot")).Text);
        Assert.Equal(answer.Text, (await AskAsync(device, null)).Text);
        // Reads that nobody is authenticated for are not journaled (ruling 55).
        Assert.Equal(before, JournalRecord.Of(server.Kipuka).Count);
    }

    [Fact]
    [Requirement("RFC 9110", "9.1", Level.Must, "GET and HEAD are answered where something can be read.")]
    public async Task HEAD_is_answered_as_GET_and_POST_is_405()
    {
        using var device = await server.Kipuka.EnrollDeviceAsync("CN=head");
        var got = await AskAsync(device, null);
        var head = await server.Kipuka.SendAsync(HttpMethod.Head, Path(Id(device), null));
        Assert.Equal((HttpStatusCode.OK, got.ContentHeaders.ContentLength, 0), (head.Status, head.ContentHeaders.ContentLength, head.Body.Length));
        Assert.Equal(TimeSpan.FromHours(6), head.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await server.Kipuka.SendAsync(HttpMethod.Post, Path(Id(device), null), "x", "application/json")).Status);
    }

    [Fact]
    public async Task A_label_answers_for_its_own_CAs_only()
    {
        using var device = await server.Kipuka.EnrollDeviceAsync("CN=here", path: "iot/simpleenroll");
        using var other = await server.Kipuka.EnrollDeviceAsync("CN=there", path: "second/simpleenroll");
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(other, "second")).Status);
        var elsewhere = await AskAsync(device, "second");
        var missing = await server.Kipuka.SendAsync(HttpMethod.Get, Path($"{Key(other)}.QAECAw", "second"));
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.Status);
        // Nothing tells a certificate of another CA from one that does not exist.
        Assert.Equal((HttpStatusCode.NotFound, elsewhere.Text), (missing.Status, missing.Text));
        Assert.Equal(HttpStatusCode.NotFound, (await server.Kipuka.SendAsync(HttpMethod.Get, Path($"{Key(other)}.{Serial(device)}", "iot"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.SendAsync(HttpMethod.Get, Path($"{Key(device)}.{Serial(device)}", "iot"))).Status);
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("AAAA.")]
    [InlineData(".AAAA")]
    [InlineData("AAAA.QUFB.QUFB")]
    [InlineData("AAAA.A")]
    [InlineData("AAAA.~~~~")]
    [InlineData("AAAA.AAE")]
    [Requirement("draft-ietf-lamps-est-renewal-info", "", Level.Must, "When to renew is told for a certificate named by its authority key identifier and its serial number.")]
    public async Task A_malformed_name_is_400(string id)
    {
        var answer = await server.Kipuka.SendAsync(HttpMethod.Get, Path(id, "iot"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("certificate-id: ", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_400_and_none_is_404()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Kipuka.SendAsync(HttpMethod.Get, Path(new string('A', 200) + ".QAEC", "iot"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Kipuka.SendAsync(HttpMethod.Get, "iot/renewal-info")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Kipuka.SendAsync(HttpMethod.Get, "none/renewal-info/AAAA.QAEC")).Status);
    }

    [Fact]
    [Requirement("RFC 9773", "4.2", Level.Must, "The answer is JSON with a suggestedWindow whose end comes after its start.")]
    public async Task A_revoked_certificate_is_to_be_renewed_at_once()
    {
        using var device = await server.Kipuka.EnrollDeviceAsync("CN=lost");
        Assert.True(Window(await AskAsync(device, null)).Start > TimeProvider.System.GetUtcNow());
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.AdminAsync(HttpMethod.Post, "revoke", new { serial = device.SerialNumber })).Status);
        var (start, end) = Window(await AskAsync(device, null));
        Assert.True(start < end && end <= TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task The_command_line_asks_and_renews_when_the_time_has_come()
    {
        using var device = await server.Kipuka.EnrollDeviceAsync("CN=cli", path: "iot/simpleenroll");
        var folder = server.Kipuka.Folder;
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder, "cli.pem"), device.ExportCertificatePem());
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder, "cli.key"), device.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        string[] ask =
        [
            "est", "renewal", "--url", $"https://localhost:{server.Kipuka.Port}", "--label", "iot", "--cacert", "ca.pem", "--cert", "cli.pem", "--key", "cli.key",
            "--renew", "--out", "cli-new",
        ];
        var early = await Tool.RunAsync(Repository.Executable, ask, folder);
        Assert.True(early.ExitCode == 0, early.ToString());
        Assert.Contains("not yet", early.Output, StringComparison.Ordinal);
        var replacement = await server.Kipuka.AdminAsync(
            HttpMethod.Post, "renewal-info", new { serial = device.SerialNumber, end = TimeProvider.System.GetUtcNow().AddHours(1), reason = "drill" });
        Assert.True(replacement.Status == HttpStatusCode.Created, replacement.Text);
        var late = await Tool.RunAsync(Repository.Executable, ask, folder);
        Assert.True(late.ExitCode == 0, late.ToString());
        Assert.Contains("renewed", late.Output, StringComparison.Ordinal);
        using var renewed = X509CertificateLoader.LoadCertificateFromFile(System.IO.Path.Combine(folder, "cli-new.pem"));
        Assert.Equal(("CN=cli", false), (renewed.Subject, renewed.SerialNumber == device.SerialNumber));
    }

    [Theory]
    [InlineData("renewal_info = true", HttpStatusCode.OK)]
    [InlineData("renewal_info = false", HttpStatusCode.NotFound)]
    public async Task It_can_be_switched_off(string key, HttpStatusCode expected)
    {
        await using var own = await KipukaServer.StartAsync(new ServerSetup { Est = key });
        using var device = await own.EnrollDeviceAsync("CN=switch");
        Assert.Equal(expected, (await own.SendAsync(HttpMethod.Get, Path(Id(device), null))).Status);
    }

    [Fact]
    [Requirement("RFC 9773", "4.2", Level.May, "An explanationURL may tell people why.")]
    public async Task The_window_and_its_explanation_are_configurable()
    {
        await using var own = await KipukaServer.StartAsync(new ServerSetup
        {
            More = "[est.renewal_info]\nstart_percent = 10\nend_percent = 20\nretry_after = \"5m\"\nexplanation_url = \"https://pki.example/why\"",
        });
        using var device = await own.EnrollDeviceAsync("CN=configured");
        var answer = await own.SendAsync(HttpMethod.Get, Path(Id(device), null));
        Assert.Equal(TimeSpan.FromMinutes(5), answer.Headers.RetryAfter!.Delta);
        Assert.Equal(0, (Window(answer).Start - new DateTimeOffset(device.NotBefore) - (device.NotAfter - device.NotBefore) * 0.1).TotalSeconds, 1.0);
        Assert.Equal("https://pki.example/why", JsonDocument.Parse(answer.Text).RootElement.GetProperty("explanationURL").GetString());
    }

    internal static string Id(X509Certificate2 certificate) => $"{Key(certificate)}.{Serial(certificate)}";

    internal static string Path(string id, string? label) => (label is null ? "" : label + "/") + $"renewal-info/{id}";

    internal static (DateTimeOffset Start, DateTimeOffset End) Window(EstAnswer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        var window = JsonDocument.Parse(answer.Text).RootElement.GetProperty("suggestedWindow");
        return (window.GetProperty("start").GetDateTimeOffset(), window.GetProperty("end").GetDateTimeOffset());
    }

    private Task<EstAnswer> AskAsync(X509Certificate2 certificate, string? label) => server.Kipuka.SendAsync(HttpMethod.Get, Path(Id(certificate), label));

    private static string Key(X509Certificate2 certificate) => Base64Url.EncodeToString(
        certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier!.Value.Span);

    // The content of the INTEGER, most significant byte first.
    private static string Serial(X509Certificate2 certificate) => Base64Url.EncodeToString(certificate.SerialNumberBytes.Span);
}
