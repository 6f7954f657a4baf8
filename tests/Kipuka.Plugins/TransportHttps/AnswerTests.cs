using System.Text;
using System.Text.Json;
using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>Rulings 25, 27 and 28: what answers look like.</summary>
public sealed class AnswerTests
{
    private static readonly byte[] Der = [.. Enumerable.Range(0, 900).Select(i => (byte)i)];

    [Theory]
    [InlineData("curl/8", "auto", 0)]
    [InlineData("libest 3.2", "auto", 64)]
    [InlineData("libest 3.2", "0", 0)]
    [InlineData("curl/8", "64", 64)]
    [InlineData("curl/8", "76", 76)]
    public async Task Base64_is_wrapped_for_the_client_and_every_line_ends_in_LF(string agent, string wrap, int columns)
    {
        await using var server = await TestServer.StartAsync(settings => settings with { Base64Wrap = wrap });
        server.Services.Answer = (_, _) => Answer(new(EstStatus.Ok, EstContent.CertsOnly, Der));

        var answer = await server.AskAsync($"GET /.well-known/est/cacerts HTTP/1.1\nUser-Agent: {agent}");

        var lines = Convert.ToBase64String(Der).Chunk(columns == 0 ? int.MaxValue : columns).Select(line => new string(line) + "\n");
        Assert.Equal(string.Concat(lines), answer.Text);
        Assert.Equal("application/pkcs7-mime; smime-type=certs-only", answer.Header("Content-Type"));
        Assert.Equal("base64", answer.Header("Content-Transfer-Encoding"));
        Assert.Null(answer.Header("Transfer-Encoding"));
        Assert.Null(answer.Header("Server"));
        Assert.InRange(answer.Head.Length, 1, 900);
    }

    [Theory]
    [InlineData(900, 1)]
    [InlineData(2500, 1)]
    [InlineData(9000, 2)]
    public async Task Headers_and_body_need_no_more_TLS_records_than_strongSwan_reads(int bytes, int records)
    {
        await using var server = await TestServer.StartAsync();
        server.Services.Answer = (_, _) => Answer(new(EstStatus.Ok, EstContent.CertsOnly, new byte[bytes]));
        // TLS 1.2: there every application record is ours.
        await using var client = await server.ConnectAsync(options => options.EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls12);

        for (var i = 0; i < 3; i++)
        {
            client.Records.Sizes.Clear();
            Assert.Equal(200, (await client.AskAsync("GET /.well-known/est/cacerts HTTP/1.1")).Status);
            Assert.Equal(records, client.Records.Sizes.Count);
        }
    }

    [Fact]
    public async Task HEAD_is_GET_without_the_body()
    {
        await using var server = await TestServer.StartAsync();
        server.Services.Answer = (_, _) => Answer(new(EstStatus.Ok, EstContent.CsrAttributes, Der));
        await using var client = await server.ConnectAsync();

        var head = await client.AskAsync("HEAD /.well-known/est/csrattrs HTTP/1.1");
        var get = await client.AskAsync("GET /.well-known/est/csrattrs HTTP/1.1");

        Assert.Equal(1201, get.Body.Length);
        Assert.Equal("1201", head.Header("Content-Length"));
        Assert.Equal("application/csrattrs", head.Header("Content-Type"));
    }

    [Theory]
    [InlineData(EstStatus.Malformed, 400)]
    [InlineData(EstStatus.Unauthenticated, 401)]
    [InlineData(EstStatus.Forbidden, 403)]
    [InlineData(EstStatus.NotFound, 404)]
    [InlineData(EstStatus.Busy, 503)]
    [InlineData(EstStatus.Failed, 500)]
    public async Task A_refusal_is_one_line_of_text_or_JSON_and_the_connection_lives_on(EstStatus status, int code)
    {
        await using var server = await TestServer.StartAsync();
        server.Services.Answer = (_, _) => Answer(new(status, [])
        {
            Code = "key-type",
            Detail = "rsa-1024 is\r\nnot \"allowed\" – ü",
            RetryAfter = TimeSpan.FromSeconds(1.2),
        });
        await using var client = await server.ConnectAsync();

        var text = await client.AskAsync("GET /.well-known/est/cacerts HTTP/1.1\nAccept: */*");
        var json = await client.AskAsync("GET /.well-known/est/cacerts HTTP/1.1\nAccept: text/html, Application/JSON;q=0.5");

        Assert.Equal((code, code), (text.Status, json.Status));
        Assert.Equal("key-type: rsa-1024 is  not \"allowed\" – ü\n", text.Text);
        Assert.Equal("text/plain; charset=utf-8", text.Header("Content-Type"));
        Assert.Equal("2", text.Header("Retry-After"));
        using var document = JsonDocument.Parse(json.Body);
        Assert.Equal("key-type", document.RootElement.GetProperty("error").GetString());
        Assert.Equal("rsa-1024 is  not \"allowed\" – ü", document.RootElement.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Every_challenge_is_a_header_of_its_own()
    {
        await using var server = await TestServer.StartAsync();
        server.Services.Answer = (_, _) => Answer(new(EstStatus.Unauthenticated, [])
        {
            Challenges = ["Basic realm=\"est\"", "Negotiate"],
        });

        var answer = await server.AskAsync("GET /.well-known/est/cacerts HTTP/1.1");

        Assert.Equal(["Basic realm=\"est\"", "Negotiate"], answer.Headers("WWW-Authenticate"));
    }

    // Several legs of one authentication come on one connection (RFC 4559 section 5).
    [Fact]
    public async Task A_401_keeps_the_connection_and_every_connection_has_a_number_of_its_own()
    {
        await using var server = await TestServer.StartAsync();
        server.Services.Answer = (_, _) => Answer(new(EstStatus.Unauthenticated, []) { Challenges = ["Negotiate abc="] });
        await using (var client = await server.ConnectAsync())
        {
            Assert.Equal(["Negotiate abc="], (await client.AskAsync("GET /.well-known/est/cacerts HTTP/1.1")).Headers("WWW-Authenticate"));
            await client.AskAsync("GET /.well-known/est/cacerts HTTP/1.1\nAuthorization: Negotiate abc=");
        }
        await server.AskAsync("GET /.well-known/est/cacerts HTTP/1.1");

        var connections = server.Services.Requests.Select(request => request.Peer.Connection).ToList();
        Assert.Equal(connections[0], connections[1]);
        Assert.Equal(2, connections.Distinct().Count());
        Assert.DoesNotContain(0, connections);
    }

    // RFC 4559 section 5: the server's own proof comes with the final response.
    [Fact]
    public async Task What_the_method_answers_is_sent_with_a_success_too()
    {
        await using var server = await TestServer.StartAsync();
        server.Services.Answer = (_, _) => Answer(new(EstStatus.Ok, EstContent.CertsOnly, new byte[] { 0x30, 0x00 }) { Challenges = ["Negotiate abc="] });

        var answer = await server.AskAsync("GET /.well-known/est/cacerts HTTP/1.1");

        Assert.Equal((200, "Negotiate abc="), (answer.Status, answer.Header("WWW-Authenticate")));
    }

    [Fact]
    public async Task Nothing_to_say_is_204_without_a_length_as_Bouncy_Castle_needs_it()
    {
        await using var server = await TestServer.StartAsync();
        server.Services.Answer = (_, _) => Answer(new(EstStatus.Empty, []));

        var answer = await server.AskAsync("GET /.well-known/est/csrattrs HTTP/1.1");

        Assert.Equal(204, answer.Status);
        Assert.Null(answer.Header("Content-Length"));
        Assert.Null(answer.Header("Content-Type"));
    }

    [Fact]
    public async Task A_fault_of_the_service_is_500_with_a_reference_that_the_log_has_too()
    {
        await using var server = await TestServer.StartAsync();
        server.Services.Answer = (_, _) => throw new InvalidOperationException("the secret of another client");

        var answer = await server.AskAsync("GET /.well-known/est/cacerts HTTP/1.1");

        Assert.Equal(500, answer.Status);
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
        var reference = answer.Text.Trim().Split(' ')[^1];
        Assert.Contains(server.Host.Logged, line => line.Contains(reference, StringComparison.Ordinal) && line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhenWritten_is_called_after_the_answer_and_not_when_the_client_has_gone()
    {
        await using var server = await TestServer.StartAsync();
        var (asked, written, noticed) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var wrong = false;
        server.Services.Answer = async (_, cancel) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancel).ContinueWith(_ => { }, TaskScheduler.Default);
            noticed.SetResult();
            return new(EstStatus.Ok, EstContent.CertsOnly, Der) { WhenWritten = () => wrong = true };
        };
        var gone = await server.ConnectAsync();
        await gone.SendAsync("GET /.well-known/est/cacerts HTTP/1.1\r\nHost: x\r\n\r\n");
        await asked.Task.WaitAsync(TestServer.Patience);
        gone.Socket.Close(0);
        await noticed.Task.WaitAsync(TestServer.Patience);

        server.Services.Answer = (_, _) => Answer(new(EstStatus.Ok, EstContent.CertsOnly, Der) { WhenWritten = written.SetResult });
        Assert.Equal(200, (await server.AskAsync("GET /.well-known/est/cacerts HTTP/1.1")).Status);
        await written.Task.WaitAsync(TestServer.Patience);
        await server.Transport.UnbindAsync(CancellationToken.None);
        Assert.False(wrong);
    }

    private static ValueTask<EstResponse> Answer(EstResponse response) => ValueTask.FromResult(response);
}
