using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Kipuka.Est;
using Kipuka.Pki;
using Microsoft.AspNetCore.Http;

namespace Kipuka.Tests.Cli;

/// <summary><c>kipuka est renewal</c> against a server that names a window (draft-ietf-lamps-est-renewal-info).</summary>
public sealed class RenewalTests : IDisposable
{
    private readonly CliRun cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData(-1, true)]
    [InlineData(+1, false)]
    public async Task The_window_is_told_and_the_exit_code_is_0_either_way(int hours, bool open)
    {
        await using var server = await StartAsync(hours);
        var id = Certificate(server);
        var (code, output, error) = await RunAsync(server, "--json");
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(open, json.RootElement.GetProperty("open").GetBoolean());
        Assert.False(json.RootElement.GetProperty("renewed").GetBoolean());
        Assert.Equal(21600, json.RootElement.GetProperty("ask_again_seconds").GetInt32());
        Assert.Equal("https://pki.example/why", json.RootElement.GetProperty("explanation_url").GetString());
        Assert.Equal([$"GET /.well-known/est/renewal-info/{id}"], server.Requests);
        Assert.Contains(open ? "the time has come" : "not yet", (await RunAsync(server)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(+1, false)]
    public async Task With_renew_it_renews_once_the_window_is_open(int hours, bool open)
    {
        await using var server = await StartAsync(hours);
        Certificate(server);
        var (code, output, error) = await RunAsync(server, "--key", cli.PathOf("device.key"), "--renew", "--out", "new");
        Assert.True(code == 0, error);
        Assert.Contains(open ? "renewed" : "not yet", output, StringComparison.Ordinal);
        Assert.Equal(open, File.Exists(cli.PathOf("new.pem")));
        Assert.Equal(open, server.Requests.Contains("POST /.well-known/est/simplereenroll"));
        if (open)
        {
            Assert.Equal("CN=device", CertificateFields.Parse(Pem.ReadCertificates(File.ReadAllBytes(cli.PathOf("new.pem")), "new.pem")[0]).Subject.Text);
        }
    }

    [Theory]
    [InlineData("--renew", "--out", "new")]
    [InlineData("--renew")]
    public async Task Renewing_needs_the_key_and_a_name_for_the_files(params string[] more)
    {
        await using var server = await StartAsync(-1);
        Certificate(server);
        Assert.Equal(2, (await RunAsync(server, more)).Code);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("""{"suggestedWindow":{"start":"2026-01-02T00:00:00Z","end":"2026-01-01T00:00:00Z"}}""")]
    [InlineData("""{"suggestedWindow":{"start":7,"end":"2026-01-01T00:00:00Z"}}""")]
    public async Task An_answer_without_a_window_is_an_error(string body)
    {
        await using var server = await FakeServer.StartAsync(cli.PathOf("data"), (_, context) => SendAsync(context, body));
        Certificate(server);
        var (code, _, error) = await RunAsync(server);
        Assert.Equal(1, code);
        Assert.Contains("no window", error, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(FakeServer server, params string[] more) => cli.RunAsync(
        ["est", "renewal", "--url", server.Url, "--cacert", server.CaFile, "--cert", cli.PathOf("device.pem"), .. more]);

    private Task<FakeServer> StartAsync(int hours) => FakeServer.StartAsync(cli.PathOf("data"), async (self, context) =>
    {
        var path = context.Request.Path.Value!;
        if (path.Contains("/renewal-info/", StringComparison.Ordinal))
        {
            var start = TimeProvider.System.GetUtcNow().AddHours(hours);
            context.Response.Headers.RetryAfter = "21600";
            await SendAsync(context, $$"""
                {"suggestedWindow":{"start":"{{Text(start)}}","end":"{{Text(start.AddMinutes(1))}}"},"explanationURL":"https://pki.example/why"}
                """);
        }
        else if (path.EndsWith("/cacerts", StringComparison.Ordinal))
        {
            await self.SendCaAsync(context);
        }
        else
        {
            await FakeServer.SendAsync(context, await self.IssueAsync(context));
        }
    });

    private static Task SendAsync(HttpContext context, string body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    }

    // What the server is asked for: its name in the path.
    private string Certificate(FakeServer server)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var ca = server.Ca();
        var request = new CertificateRequest("CN=device", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier([1, 2, 3]));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(ca, now.AddMinutes(-1), now.AddDays(1), [0x40, 1]);
        cli.Write("device.pem", certificate.ExportCertificatePem());
        cli.Write("device.key", key.ExportPkcs8PrivateKeyPem());
        return CertificateId.Of(CertificateFields.Parse(certificate.RawData))!;
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
