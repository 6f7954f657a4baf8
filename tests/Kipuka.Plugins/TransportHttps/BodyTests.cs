using System.Globalization;
using System.Text;
using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>Ruling 24: base64 however wrapped, PEM, or DER. RFC 8951: Content-Transfer-Encoding of a request means nothing.</summary>
public sealed class BodyTests
{
    private static readonly byte[] Der = [0x30, 0x81, 0xC8, .. Enumerable.Range(0, 200).Select(i => (byte)(i * 7))];
    private static readonly string Base64 = Convert.ToBase64String(Der);

    public static TheoryData<string, bool> Readable => new()
    {
        { Base64, false },
        { Base64 + "\n", false },
        { $"  {Base64}\r\n\r\n", false },
        { Wrap(64, "\n"), true },
        { Wrap(76, "\r\n"), true },
        { Wrap(1, "\n"), true },
        { Wrap(10, " \t"), false },
        { $"-----BEGIN CERTIFICATE REQUEST-----\n{Wrap(64, "\n")}-----END CERTIFICATE REQUEST-----\n", true },
        { $"-----BEGIN NEW CERTIFICATE REQUEST-----\r\n{Wrap(64, "\r\n")}-----END NEW CERTIFICATE REQUEST-----", true },
        { Encoding.Latin1.GetString(Der), false },
    };

    public static TheoryData<string> Unreadable => new()
    {
        "",
        " \r\n",
        Base64[..^3],
        Base64[..40] + "=" + Base64[41..],
        Base64 + Base64.Insert(4, "!"),
        "====",
        "\u0000",
        $"-----BEGIN CERTIFICATE-----\n{Wrap(64, "\n")}-----END CERTIFICATE-----\n",
        $"-----BEGIN CERTIFICATE REQUEST-----\n{Wrap(64, "\n")}",
        $"-----BEGIN CERTIFICATE REQUEST-----\n{Wrap(64, "\n")}-----END NEW CERTIFICATE REQUEST-----\n",
        "-----BEGIN CERTIFICATE REQUEST----------END CERTIFICATE REQUEST-----",
    };

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task A_body_is_unwrapped_and_its_wrapping_mirrored(string body, bool wrapped)
    {
        await using var server = await TestServer.StartAsync();
        server.Services.Answer = (_, _) => ValueTask.FromResult(new EstResponse(EstStatus.Ok, EstContent.CertsOnly, Der));

        var answer = await server.AskAsync(Head("Content-Transfer-Encoding: binary"), Encoding.Latin1.GetBytes(body));

        Assert.Equal(200, answer.Status);
        Assert.Equal(Der, Assert.IsType<EstBody.Der>(Assert.Single(server.Services.Requests).Body).Bytes.ToArray());
        Assert.Equal(wrapped ? Wrap(64, "\n") : Base64 + "\n", answer.Text);
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_body_that_cannot_be_decoded_goes_to_the_host_because_authentication_comes_first(string body)
    {
        await using var server = await TestServer.StartAsync();
        server.Services.Answer = (_, _) => ValueTask.FromResult(new EstResponse(EstStatus.Unauthenticated, []));

        Assert.Equal(401, (await server.AskAsync(Head(), Encoding.Latin1.GetBytes(body))).Status);
        Assert.NotEmpty(Assert.IsType<EstBody.Undecodable>(Assert.Single(server.Services.Requests).Body).Reason);
    }

    [Fact]
    public async Task A_chunked_body_is_read_without_a_length()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await client.SendAsync(
            "POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: x\r\nContent-Type: application/pkcs10\r\nTransfer-Encoding: chunked\r\n\r\n");
        foreach (var part in Base64.Chunk(50))
        {
            await client.SendAsync($"{part.Length:x}\r\n{new string(part)}\r\n");
        }
        await client.SendAsync("0\r\n\r\n");

        Assert.Equal(200, (await client.ReadAsync()).Status);
        Assert.Equal(Der, Assert.IsType<EstBody.Der>(Assert.Single(server.Services.Requests).Body).Bytes.ToArray());
    }

    [Fact]
    public async Task Expect_100_continue_is_answered_before_the_body_comes_and_not_when_the_request_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        string Head(string type) => $"POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\n"
            + $"Content-Length: {Base64.Length}\r\nExpect: 100-continue\r\n\r\n";

        await client.SendAsync(Head("application/pkcs10"));
        Assert.Equal(100, (await client.ReadAsync()).Status);
        await client.SendAsync(Base64);
        Assert.Equal(200, (await client.ReadAsync()).Status);

        await client.SendAsync(Head("text/plain"));
        Assert.Equal(415, (await client.ReadAsync()).Status);
    }

    [Fact]
    public async Task Decoding_takes_time_in_proportion_to_the_body()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { MaxBodySize = new(8 << 20) });
        var spaced = new StringBuilder();
        for (var i = 0; i < 4 << 20; i++)
        {
            spaced.Append("A ");
        }

        var answer = await server.AskAsync(Head(), Encoding.ASCII.GetBytes(spaced.ToString()));

        Assert.Equal(200, answer.Status);
        Assert.Equal(3 << 20, Assert.IsType<EstBody.Der>(Assert.Single(server.Services.Requests).Body).Bytes.Length);
    }

    private static string Head(string more = "Accept: */*") => $"POST /.well-known/est/simpleenroll HTTP/1.1\nContent-Type: application/pkcs10\n{more}";

    private static string Wrap(int columns, string separator)
        => string.Concat(Base64.Chunk(columns).Select(line => string.Create(CultureInfo.InvariantCulture, $"{new string(line)}{separator}")));
}
