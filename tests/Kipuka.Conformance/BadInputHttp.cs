using System.Net;
using System.Text;

namespace Kipuka.Conformance;

/// <summary>Requests that are wrong as HTTP: paths, methods, headers, credentials. The twin of each gets 200.</summary>
public sealed class BadInputHttp(EstServer server) : IClassFixture<EstServer>
{
    [Theory]
    [InlineData("simpleenroll")]
    [InlineData("simplereenroll")]
    [Requirement("RFC 7030", "4.2", Level.Must, "Enrollment is asked for with POST.")]
    [Requirement("RFC 9110", "15.5.6", Level.Must, "A 405 lists the methods in Allow.")]
    public async Task GET_where_POST_belongs_is_405_with_Allow(string operation)
    {
        var answer = await server.Kipuka.SendAsync(HttpMethod.Get, operation);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
        Assert.Contains("POST", answer.ContentHeaders.Allow);
        await StillEnrollsAsync();
    }

    [Theory]
    [InlineData("cacerts")]
    [InlineData("csrattrs")]
    [Requirement("RFC 9110", "15.5.6", Level.Must, "A 405 lists the methods in Allow.")]
    public async Task POST_where_GET_belongs_is_405_with_Allow(string operation)
    {
        using var csr = new Csr("CN=method");
        var answer = await server.PostAsync(csr.Base64, operation);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
        Assert.Contains("GET", answer.ContentHeaders.Allow);
        await StillEnrollsAsync();
    }

    [Theory]
    [InlineData("no-such-label/simpleenroll")]
    [InlineData("no-such-operation")]
    [InlineData("simpleenroll/")]
    [InlineData("simpleenroll/x")]
    [InlineData("a/b/simpleenroll")]
    [InlineData("/.well-known/est")]
    [InlineData("/.well-known/est/")]
    [InlineData("/.well-known/EST/simpleenroll")]
    [InlineData("/.well-known/est/SimpleEnroll")]
    [InlineData("/simpleenroll")]
    [InlineData("/")]
    [Requirement("RFC 7030", "3.2.2", Level.Must, "Operations stand under /.well-known/est, with or without one label between.")]
    public async Task An_unknown_path_is_404(string path)
    {
        using var csr = new Csr("CN=path");
        Assert.Equal(HttpStatusCode.NotFound, (await server.PostAsync(csr.Base64, path)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(csr.Base64)).Status);
    }

    [Theory]
    [InlineData("/.well-known/est/../est/simpleenroll")]
    [InlineData("/.well-known/est/./simpleenroll")]
    [InlineData("/.well-known/est/%2e%2e/est/simpleenroll")]
    [InlineData("/.well-known/est/%2e/simpleenroll")]
    [InlineData("/.well-known//est/simpleenroll")]
    [InlineData("/.well-known/est%2fsimpleenroll")]
    [InlineData("/.well-known/est\\simpleenroll")]
    [InlineData("/.well-known/est%5csimpleenroll")]
    [InlineData("/.well-known/est/%00/simpleenroll")]
    [InlineData("/.well-known/est/simpleenroll%00")]
    [InlineData("/.well-known/est/%25/simpleenroll")]
    [InlineData("/.well-known/est/simpleenroll%")]
    [InlineData("/.well-known/est/%zz/simpleenroll")]
    [InlineData("/.well-known/est/%c0%ae%c0%ae/simpleenroll")]
    public async Task A_path_that_could_be_read_in_two_ways_finds_nothing(string path)
    {
        using var csr = new Csr("CN=dots");
        var answer = await Wire.AskAsync(server.Kipuka, server.Post(csr, path));
        Assert.True(answer.Status is 404 or 400, answer.ToString());
        Assert.Equal(200, (await Wire.AskAsync(server.Kipuka, server.Post(csr))).Status);
    }

    [Fact]
    public async Task Percent_encoded_unreserved_characters_are_the_characters()
    {
        using var csr = new Csr("CN=percent");
        Assert.Equal(200, (await Wire.AskAsync(server.Kipuka, server.Post(csr, "/%2Ewell-known/%65st/simple%65nroll"))).Status);
    }

    [Fact]
    [Requirement("RFC 6585", "5", Level.May, "Header fields that are too large may be answered 431.")]
    public async Task A_header_of_64_KB_is_431()
    {
        using var csr = new Csr("CN=header");
        var answer = await Wire.AskAsync(server.Kipuka, server.Post(csr, headers: $"X-Large: {new string('x', 64 << 10)}\r\n"));
        Assert.Equal(431, answer.Status);
        Assert.Equal(200, (await Wire.AskAsync(server.Kipuka, server.Post(csr, headers: $"X-Large: {new string('x', 8 << 10)}\r\n"))).Status);
    }

    [Fact]
    public async Task A_request_line_of_12_KB_is_414()
    {
        // In one TLS record: what the server leaves unread may cost the client its answer.
        using var csr = new Csr("CN=line");
        Assert.Equal(414, (await Wire.AskAsync(server.Kipuka, server.Post(csr, "/.well-known/est/simpleenroll?" + new string('x', 12 << 10)))).Status);
        Assert.Equal(200, (await Wire.AskAsync(server.Kipuka, server.Post(csr, "/.well-known/est/simpleenroll?x"))).Status);
    }

    [Fact]
    [Requirement("RFC 9110", "11.6.1", Level.Must, "A 401 names the ways to authenticate in WWW-Authenticate.")]
    public async Task Credentials_that_are_none_are_401()
    {
        using var csr = new Csr("CN=credentials");
        foreach (var value in new[]
        {
            Convert.ToBase64String(Encoding.ASCII.GetBytes(server.Password)),
            Convert.ToBase64String([0xC3, 0x28, .. Encoding.ASCII.GetBytes($":{server.Password}")]),
            Convert.ToBase64String([.. Encoding.ASCII.GetBytes($":{server.Password}"), 0xFF]),
            Convert.ToBase64String(Encoding.ASCII.GetBytes($"\0:{server.Password}")),
            "%%%",
            "",
            new string('A', 8000),
        })
        {
            var answer = await SendAsync(csr, Basic.Header(value));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
            Assert.Contains(answer.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Basic");
        }
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(csr, Basic.Header(Basic.Of(server.Password)))).Status);
    }

    [Fact]
    public async Task Two_Authorization_headers_are_400()
    {
        using var csr = new Csr("CN=two-headers");
        var request = server.Post(csr, headers: $"Authorization: Basic {Basic.Of("other")}\r\n");
        Assert.Equal(400, (await Wire.AskAsync(server.Kipuka, request)).Status);
        Assert.Equal(200, (await Wire.AskAsync(server.Kipuka, server.Post(csr))).Status);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /.well-known/est/cacerts HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400)]
    [InlineData("GET /.well-known/est/cacerts HTTP/9.9\r\nHost: a\r\n\r\n", 505)]
    [InlineData("POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400)]
    [InlineData("\0\0\0\0\r\n\r\n", 400)]
    [Requirement("RFC 9112", "3.2", Level.Must, "A request without Host, or with two, is 400.")]
    [Requirement("RFC 9112", "6.3", Level.Must, "A length that is none, or two of them, is 400.")]
    public async Task What_is_no_HTTP_gets_a_status_of_400_or_above_and_no_500(string request, int status)
    {
        var answer = await Wire.AskAsync(server.Kipuka, request);
        Assert.True(answer.Status == status, answer.ToString());
        await StillEnrollsAsync();
    }

    private Task<EstAnswer> SendAsync(Csr csr, Action<HttpRequestMessage> change)
        => server.Kipuka.SendAsync(HttpMethod.Post, "simpleenroll", csr.Base64, "application/pkcs10", change: change);

    private async Task StillEnrollsAsync()
    {
        using var csr = new Csr("CN=still");
        Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(csr)).Status);
    }
}
