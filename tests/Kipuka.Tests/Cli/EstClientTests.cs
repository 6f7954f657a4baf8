using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Kipuka.Tests.Cli;

/// <summary><c>kipuka est</c> against a server that behaves well, slowly or badly.</summary>
public sealed class EstClientTests : IDisposable
{
    private readonly CliRun cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Enroll_keeps_key_and_certificate()
    {
        await using var server = await StartAsync(async (self, context) =>
        {
            Assert.Equal("application/pkcs10", context.Request.ContentType);
            Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("device-1:a:b")), context.Request.Headers.Authorization);
            await FakeServer.SendAsync(context, await self.IssueAsync(context));
        });
        var (code, output, error) = await EnrollAsync(server, "--user", "device-1:a:b", "--san", "d.example.com", "--san", "10.0.0.1", "--json");
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(output);
        Assert.Equal("CN=device-1", json.RootElement.GetProperty("subject").GetString());
        Assert.Equal("DNS:d.example.com,IP:10.0.0.1", json.RootElement.GetProperty("san").GetString());
        Assert.Equal("600", Convert.ToString((int)File.GetUnixFileMode(cli.PathOf("dev.key")), 8));
        Assert.Equal(0, (await Tool.RunAsync("openssl", "verify", "-CAfile", server.CaFile, cli.PathOf("dev.pem"))).Code);
        Assert.False(File.Exists(cli.PathOf("dev.csr")));
        Assert.Equal(["GET /.well-known/est/cacerts", "POST /.well-known/est/simpleenroll"], server.Requests);
    }

    [Theory]
    [InlineData("rsa-2048")]
    [InlineData("P384")]
    [InlineData("ecdsa_p521")]
    public async Task Enroll_makes_the_key_that_was_asked_for(string type)
    {
        await using var server = await StartAsync(async (self, context) => await FakeServer.SendAsync(context, await self.IssueAsync(context)));
        var (code, _, error) = await EnrollAsync(server, "--key-type", type);
        Assert.True(code == 0, error);
    }

    [Fact]
    public async Task Reenroll_keeps_the_names_and_shows_the_certificate()
    {
        string? shown = null;
        await using var server = await StartAsync(async (self, context) =>
        {
            shown = context.Connection.ClientCertificate?.Subject;
            await FakeServer.SendAsync(context, await self.IssueAsync(context));
        });
        Assert.Equal(0, (await EnrollAsync(server, "--san", "d.example.com")).Code);
        var (code, output, error) = await cli.RunAsync("est", "reenroll", "--url", server.Url, "--cacert", server.CaFile,
            "--cert", cli.PathOf("dev.pem"), "--key", cli.PathOf("dev.key"), "--out", "renewed", "--json", "--label", "iot");
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(output);
        Assert.Equal("CN=device-1", json.RootElement.GetProperty("subject").GetString());
        Assert.Equal("DNS:d.example.com", json.RootElement.GetProperty("san").GetString());
        Assert.Equal("CN=device-1", shown);
        Assert.Equal("POST /.well-known/est/iot/simplereenroll", server.Requests[^1]);
        Assert.NotEqual(await File.ReadAllTextAsync(cli.PathOf("dev.key")), await File.ReadAllTextAsync(cli.PathOf("renewed.key")));
    }

    [Theory]
    [InlineData(202)]
    [InlineData(503)]
    public async Task Retry_After_is_followed_with_the_same_request(int status)
    {
        var bodies = new List<string>();
        await using var server = await StartAsync(async (self, context) =>
        {
            context.Request.EnableBuffering();
            bodies.Add(await new StreamReader(context.Request.Body, leaveOpen: true).ReadToEndAsync());
            context.Request.Body.Position = 0;
            if (bodies.Count == 1)
            {
                context.Response.StatusCode = status;
                context.Response.Headers.RetryAfter = "1";
                return;
            }
            await FakeServer.SendAsync(context, await self.IssueAsync(context));
        });
        var (code, _, error) = await EnrollAsync(server, "--wait", "1s");
        Assert.True(code == 0, error);
        Assert.Contains($"({status}); asking again in 1 s.", error, StringComparison.Ordinal);
        Assert.Equal(2, bodies.Count);
        Assert.Equal(bodies[0], bodies[1]);
        Assert.DoesNotContain('\n', bodies[0]);
    }

    [Fact]
    public async Task A_server_that_decides_later_is_exit_code_3_and_the_next_run_goes_on()
    {
        var decided = false;
        await using var server = await StartAsync(async (self, context) =>
        {
            if (decided)
            {
                await FakeServer.SendAsync(context, await self.IssueAsync(context));
                return;
            }
            context.Response.StatusCode = 202;
            context.Response.Headers.RetryAfter = "3600";
        });
        var (code, _, error) = await EnrollAsync(server);
        Assert.Equal(3, code);
        Assert.Contains("pending: the server has not decided yet (202), retry after 3600 s", error, StringComparison.Ordinal);
        Assert.Equal(3, (await EnrollAsync(server, "--wait", "59m")).Code);
        var key = await File.ReadAllTextAsync(cli.PathOf("dev.key"));
        decided = true;
        Assert.Contains("asks for another name", (await cli.RunAsync(Enroll(server, "CN=other"))).Error, StringComparison.Ordinal);
        Assert.Equal(0, (await EnrollAsync(server)).Code);
        Assert.Equal(key, await File.ReadAllTextAsync(cli.PathOf("dev.key")));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1s")]
    [InlineData("400d")]
    public async Task A_wait_that_is_no_time_is_an_error(string wait)
    {
        await using var server = await StartAsync((_, _) => Task.CompletedTask);
        var (code, _, error) = await EnrollAsync(server, "--wait=" + wait);
        Assert.Equal(2, code);
        Assert.Contains("--wait", error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Waiting_for_a_decision_does_not_count_against_the_time_limit()
    {
        var answers = 0;
        await using var server = await StartAsync(async (self, context) =>
        {
            if (++answers < 4)
            {
                context.Response.StatusCode = 202;
                context.Response.Headers.RetryAfter = "1";
                return;
            }
            await FakeServer.SendAsync(context, await self.IssueAsync(context));
        });
        var (code, _, error) = await EnrollAsync(server, "--wait", "5s", "--timeout", "2");
        Assert.True(code == 0, error);
        Assert.Equal(4, answers);
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_servers_words_and_leaves_nothing()
    {
        await using var server = await StartAsync((_, context) =>
        {
            context.Response.StatusCode = 401;
            context.Response.ContentType = "text/plain";
            return context.Response.WriteAsync("the password is spent\u001b[31m\n");
        });
        var (code, output, error) = await EnrollAsync(server, "--user", "device-1:hunter2secret");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("simpleenroll: the server answered 401 Unauthorized: the password is spent", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', error);
        Assert.DoesNotContain("hunter2secret", error, StringComparison.Ordinal);
        Assert.False(File.Exists(cli.PathOf("dev.key")));
    }

    [Theory]
    [InlineData("application/pkcs7-mime", "!!!", "not base64")]
    [InlineData("application/pkcs7-mime", "AAAA", "certs-only")]
    [InlineData("application/pkcs7-mime", "", "certs-only")]
    [InlineData("text/html", "<html>", "its type is text/html")]
    public async Task Garbage_is_named(string type, string body, string says)
    {
        await using var server = await StartAsync((_, context) =>
        {
            context.Response.ContentType = type;
            return context.Response.WriteAsync(body);
        });
        var (code, _, error) = await EnrollAsync(server);
        Assert.Equal(1, code);
        Assert.Contains("the server answered 200 OK, but the answer cannot be used", error, StringComparison.Ordinal);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.False(File.Exists(cli.PathOf("dev.pem")));
    }

    [Fact]
    public async Task Another_ones_certificate_is_refused()
    {
        await using var server = await StartAsync((self, context) => self.SendCaAsync(context));
        var (code, _, error) = await EnrollAsync(server);
        Assert.Equal(1, code);
        Assert.Contains("not for the key of this request", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_another_CA_is_refused()
    {
        using var other = new CliRun();
        await using var stranger = await FakeServer.StartAsync(other.PathOf("data"), (_, _) => Task.CompletedTask);
        await using var server = await StartAsync(async (_, context) => await FakeServer.SendAsync(context, await stranger.IssueAsync(context)));
        var (code, _, error) = await EnrollAsync(server);
        Assert.Equal(1, code);
        Assert.Contains("does not chain to its /cacerts", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_trusted_is_shown_nothing()
    {
        await using var server = await StartAsync((_, _) => Task.CompletedTask);
        var (code, _, error) = await cli.RunAsync("est", "enroll", "--url", server.Url, "--user", "a:b", "--subject", "CN=a", "--out", "dev");
        Assert.Equal(1, code);
        Assert.Contains("(CN=localhost) is not trusted by the system's CA certificates; name its CA with --cacert", error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_a_sentence()
    {
        var (code, _, error) = await cli.RunAsync("est", "cacerts", "--url", "https://127.0.0.1:1");
        Assert.Equal(1, code);
        Assert.Contains("no connection to 127.0.0.1:1", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csrattrs_may_be_silent()
    {
        await using var server = await FakeServer.StartAsync(cli.PathOf("data"), (_, context) =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        var (code, output, error) = await cli.RunAsync("est", "csrattrs", "--url", server.Url, "--cacert", server.CaFile);
        Assert.Equal((0, "", "The server has nothing to say.\n"), (code, output, error));
    }

    [Fact]
    public async Task A_present_certificate_is_never_overwritten()
    {
        cli.Write("dev.pem", "mine");
        await using var server = await StartAsync((_, _) => Task.CompletedTask);
        var (code, _, error) = await EnrollAsync(server);
        Assert.Equal(2, code);
        Assert.Contains("nothing is ever overwritten", error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(cli.PathOf("dev.pem")));
    }

    private Task<FakeServer> StartAsync(Func<FakeServer, HttpContext, Task> enroll) => FakeServer.StartAsync(cli.PathOf("data"), (self, context) =>
        context.Request.Path.Value!.EndsWith("/cacerts", StringComparison.Ordinal) ? self.SendCaAsync(context) : enroll(self, context));

    private Task<(int Code, string Output, string Error)> EnrollAsync(FakeServer server, params string[] more) =>
        cli.RunAsync([.. Enroll(server, "CN=device-1"), .. more]);

    private static string[] Enroll(FakeServer server, string subject) =>
        ["est", "enroll", "--url", server.Url, "--cacert", server.CaFile, "--subject", subject, "--out", "dev"];
}
