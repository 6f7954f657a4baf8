using System.Text;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>Ruling 26: path (404), method (405), size (413), content type (400, 415), then the host.</summary>
public sealed class CheckOrderTests
{
    private const string Enroll = "POST /.well-known/est/simpleenroll HTTP/1.1\nContent-Type: application/pkcs10";
    private static readonly byte[] Request = Encoding.ASCII.GetBytes(Convert.ToBase64String([0x30, 0x03, 0x02, 0x01, 0x07]));

    [Theory]
    [InlineData("POST", "cacerts", "GET, HEAD, OPTIONS")]
    [InlineData("DELETE", "csrattrs", "GET, HEAD, OPTIONS")]
    [InlineData("GET", "simpleenroll", "POST, OPTIONS")]
    [InlineData("PUT", "simplereenroll", "POST, OPTIONS")]
    public async Task A_wrong_method_is_405_and_names_the_right_ones(string method, string operation, string allow)
    {
        await using var server = await TestServer.StartAsync();

        var answer = await server.AskAsync($"{method} /.well-known/est/{operation} HTTP/1.1");

        Assert.Equal(405, answer.Status);
        Assert.Equal(allow, answer.Header("Allow"));
        Assert.Equal(404, (await server.AskAsync($"{method} /.well-known/est/x{operation} HTTP/1.1")).Status);
        Assert.Empty(server.Services.Requests);
    }

    [Theory]
    [InlineData("cacerts", "GET, HEAD, OPTIONS")]
    [InlineData("a/simpleenroll", "POST, OPTIONS")]
    public async Task OPTIONS_tells_the_methods(string operation, string allow)
    {
        await using var server = await TestServer.StartAsync();

        var answer = await server.AskAsync($"OPTIONS /.well-known/est/{operation} HTTP/1.1");

        Assert.Equal(204, answer.Status);
        Assert.Equal(allow, answer.Header("Allow"));
        Assert.Null(answer.Header("Content-Length"));
    }

    [Theory]
    [InlineData("application/pkcs10", 200)]
    [InlineData("APPLICATION/PKCS10; charset=utf-8", 200)]
    [InlineData("application/pkcs10-x", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("application/pkcs10, text/plain", 415)]
    [InlineData("", 400)]
    [InlineData(null, 400)]
    public async Task The_content_type_is_the_media_type_of_the_operation(string? type, int status)
    {
        await using var server = await TestServer.StartAsync();

        var header = type is null ? "" : $"\nContent-Type: {type}";
        var answer = await server.AskAsync($"POST /.well-known/est/simpleenroll HTTP/1.1{header}", Request);

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 200 ? 1 : 0, server.Services.Requests.Count);
    }

    [Fact]
    public async Task A_method_is_judged_before_the_size_and_the_size_before_the_content_type()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { MaxBodySize = new(2048) });
        var large = new byte[3000];

        Assert.Equal(405, (await server.AskAsync("PUT /.well-known/est/simpleenroll HTTP/1.1\nContent-Type: text/html", large)).Status);
        Assert.Equal(413, (await server.AskAsync("POST /.well-known/est/simpleenroll HTTP/1.1\nContent-Type: text/html", large)).Status);
        Assert.Equal(415, (await server.AskAsync("POST /.well-known/est/simpleenroll HTTP/1.1\nContent-Type: text/html", large[..2000])).Status);
    }

    [Fact]
    public async Task A_body_at_the_limit_is_read_and_one_byte_more_is_413()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { MaxBodySize = new(2048) });

        Assert.Equal(200, (await server.AskAsync(Enroll, [.. Enumerable.Repeat((byte)'M', 2048)])).Status);
        Assert.Equal(413, (await server.AskAsync(Enroll, [.. Enumerable.Repeat((byte)'M', 2049)])).Status);
    }

    [Fact]
    public async Task Too_large_a_length_is_413_before_any_of_the_body_comes()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await client.SendAsync("POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: x\r\nContent-Type: application/pkcs10\r\nContent-Length: 999999999\r\n\r\n");
        var answer = await client.ReadAsync();

        Assert.Equal(413, answer.Status);
        Assert.Equal("close", answer.Header("Connection"));
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task A_chunked_body_over_the_limit_is_413_without_its_end()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { MaxBodySize = new(2048) });
        await using var client = await server.ConnectAsync();

        await client.SendAsync("POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: x\r\nContent-Type: application/pkcs10\r\nTransfer-Encoding: chunked\r\n\r\n");
        await client.SendAsync($"900\r\n{new string('M', 0x900)}\r\n");

        Assert.Equal(413, (await client.ReadAsync()).Status);
    }

    [Fact]
    public async Task Two_Authorization_headers_are_400_and_one_is_handed_over()
    {
        await using var server = await TestServer.StartAsync();
        byte[]? secret = null;
        server.Services.Answer = (request, _) =>
        {
            secret = request.Peer.Credential?.Value.Reveal().ToArray();
            return ValueTask.FromResult(new Sdk.Transport.EstResponse(Sdk.Transport.EstStatus.Empty, []));
        };

        Assert.Equal(400, (await server.AskAsync($"{Enroll}\nAuthorization: Basic QTpC\nAuthorization: Basic QTpD", Request)).Status);
        Assert.Empty(server.Services.Requests);
        Assert.Equal(204, (await server.AskAsync($"{Enroll}\nAuthorization: basic  QTpC=", Request)).Status);
        var credential = Assert.Single(server.Services.Requests).Peer.Credential!;
        Assert.Equal("basic", credential.Scheme);
        Assert.Equal("QTpC="u8, secret!);
        await server.Transport.UnbindAsync(CancellationToken.None);
        Assert.Throws<ObjectDisposedException>(() => credential.Value.Reveal().Length);
    }

    [Theory]
    [InlineData(16 << 10, 200)]
    [InlineData((16 << 10) + 1, 431)]
    [InlineData(40 << 10, 431)]
    public async Task A_credential_and_all_headers_have_a_largest_size(int length, int status)
    {
        await using var server = await TestServer.StartAsync();

        var answer = await server.AskAsync($"GET /.well-known/est/cacerts HTTP/1.1\nAuthorization: Basic {new string('A', length - 6)}");

        Assert.Equal(status, answer.Status);
    }
}
