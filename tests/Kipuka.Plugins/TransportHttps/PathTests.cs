using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>RFC 7030 section 3.2.2 paths, and ruling 26: the path is judged first.</summary>
public sealed class PathTests
{
    [Theory]
    [InlineData("/.well-known/est/cacerts", null)]
    [InlineData("/.well-known/est/line-7/cacerts", "line-7")]
    [InlineData("/.well-known/est/line%2D7/%63acerts", "line-7")]
    [InlineData("/%2Ewell-known/est/cacerts", null)]
    [InlineData("/.well-known/est/cacerts?x=/../y", null)]
    [InlineData("https://localhost/.well-known/est/a/cacerts", "a")]
    [InlineData("/.well-known/est/..a/cacerts", "..a")]
    public async Task A_path_is_read_as_sent_with_unreserved_characters_decoded_once(string target, string? label)
    {
        await using var server = await TestServer.StartAsync();

        Assert.Equal(200, (await server.AskAsync($"GET {target} HTTP/1.1")).Status);
        var request = Assert.Single(server.Services.Requests);
        Assert.Equal(label, request.Label);
        Assert.Equal(EstOperation.CaCerts, request.Operation);
    }

    [Theory]
    [InlineData("/.well-known/est/CACERTS")]
    [InlineData("/.well-known/EST/cacerts")]
    [InlineData("/.well-known/est/cacerts/")]
    [InlineData("/.well-known/est//cacerts")]
    [InlineData("//.well-known/est/cacerts")]
    [InlineData("/.well-known/est/./cacerts")]
    [InlineData("/.well-known/est/a/../cacerts")]
    [InlineData("/.well-known/est/%2e%2e/est/cacerts")]
    [InlineData("/.well-known/est/%2e/cacerts")]
    [InlineData("/.well-known/est/a%2Fcacerts")]
    [InlineData("/.well-known%2fest/cacerts")]
    [InlineData("/.well-known/est\\cacerts")]
    [InlineData("/.well-known/est/a%5Cb/cacerts")]
    [InlineData("/.well-known/est/%2563acerts")]
    [InlineData("/.well-known/est/a%20b/cacerts")]
    [InlineData("/.well-known/est/a+b/cacerts")]
    [InlineData("/.well-known/est/a/b/cacerts")]
    [InlineData("/.well-known/est/unknown")]
    [InlineData("/.well-known/est/")]
    [InlineData("/.well-known/est")]
    [InlineData("/.well-known/estate/cacerts")]
    [InlineData("/cacerts")]
    [InlineData("/")]
    [InlineData("https://localhost")]
    public async Task Any_other_path_is_404_and_never_becomes_another_one(string target)
    {
        await using var server = await TestServer.StartAsync();

        Assert.Equal(404, (await server.AskAsync($"GET {target} HTTP/1.1")).Status);
        Assert.Empty(server.Services.Requests);
    }

    [Fact]
    public async Task A_path_with_NUL_or_a_broken_escape_is_refused_before_anyone_reads_it()
    {
        await using var server = await TestServer.StartAsync();

        Assert.InRange((await server.AskAsync("GET /.well-known/est/a%00/cacerts HTTP/1.1")).Status, 400, 404);
        Assert.InRange((await server.AskAsync("GET /.well-known/est/a%zz/cacerts HTTP/1.1")).Status, 400, 404);
        Assert.Empty(server.Services.Requests);
    }

    [Theory]
    [InlineData(900, 200)]
    [InlineData(1100, 404)]
    [InlineData(9000, 414)]
    public async Task An_over_long_path_is_refused(int length, int status)
    {
        await using var server = await TestServer.StartAsync();

        Assert.Equal(status, (await server.AskAsync($"GET /.well-known/est/{new string('a', length)}/cacerts HTTP/1.1")).Status);
    }

    [Fact]
    public async Task The_base_path_can_be_another()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { BasePath = "/pki/est" });

        Assert.Equal(200, (await server.AskAsync("GET /pki/est/cacerts HTTP/1.1")).Status);
        Assert.Equal(404, (await server.AskAsync("GET /.well-known/est/cacerts HTTP/1.1")).Status);
    }
}
