using System.Net;
using System.Text.Json;

namespace Kipuka.Conformance;

/// <summary>Rulings 26 to 29: each request is wrong in several ways, and the first in the order of checks is what is answered.</summary>
public sealed class CheckOrder(CheckOrder.Server server) : IClassFixture<CheckOrder.Server>
{
    public sealed class Server : EstServer
    {
        protected override ServerSetup Setup => new()
        {
            Est = "csrattrs_auth = true",
            More = "[[est.label]]\nname = \"only-p384\"\nca_id = \"default\"\nallowed_key_types = [\"ecdsa-p384\"]\nrequire_san = false\n",
        };
    }

    [Theory]
    [InlineData("PUT", "no-such-operation", 2000000, "text/html", HttpStatusCode.NotFound)]
    [InlineData("PUT", "simpleenroll", 2000000, "text/html", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "simpleenroll", 2000000, "text/html", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("POST", "nowhere/simpleenroll", 3, "text/html", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("POST", "nowhere/simpleenroll", 3, null, HttpStatusCode.BadRequest)]
    [InlineData("POST", "nowhere/simpleenroll", 3, "application/pkcs10", HttpStatusCode.NotFound)]
    [InlineData("POST", "simpleenroll", 3, "application/pkcs10", HttpStatusCode.Unauthorized)]
    public async Task Path_method_size_type_label_and_authentication_come_in_this_order(string method, string path, int length, string? type, HttpStatusCode status)
    {
        await using var wire = await Wire.ConnectAsync(server.Kipuka);
        var contentType = type is null ? "" : $"Content-Type: {type}\r\n";
        await wire.SendAsync($"{method} /.well-known/est/{path} HTTP/1.1\r\nHost: localhost\r\n{contentType}Content-Length: {length}\r\n\r\n");
        if (length < 10)
        {
            await wire.SendAsync(new string('*', length));
        }
        Assert.Equal((int)status, (await wire.ReadAsync()).Status);
    }

    [Fact]
    [Requirement("RFC 7030", "4.2.3", Level.Must, "A refusal has a status of 400 or above.")]
    [Requirement("NIAP CA PP", "FIA_UAU.1", Level.Must, "Nothing of a request is worked on before its sender is authenticated.")]
    public async Task After_authentication_come_parsing_possession_and_policy()
    {
        Assert.StartsWith("undecodable", (await server.PostAsync("***", "only-p384/simpleenroll")).Text, StringComparison.Ordinal);
        using var csr = new Csr("CN=order");
        var broken = csr.Der.ToArray();
        broken[^1] ^= 1;
        Assert.StartsWith("possession", (await server.PostAsync(broken, "only-p384/simpleenroll")).Text, StringComparison.Ordinal);
        Assert.StartsWith("key-type", (await server.PostAsync(csr.Der, "only-p384/simpleenroll")).Text, StringComparison.Ordinal);
    }

    [Fact]
    [Requirement("RFC 7030", "3.7", Level.Must, "Only a client that authenticated, and may have what it asks for, gets a certificate.")]
    [Requirement("RFC 9110", "11.6.1", Level.Must, "A 401 names the ways to authenticate in WWW-Authenticate.")]
    [Requirement("RFC 7617", "2", Level.Must, "Basic names a realm.")]
    [Requirement("NIAP CA PP", "FIA_UAU.5", Level.Must, "Several methods of authentication are offered.")]
    public async Task A_401_offers_every_method_and_a_wrong_password_is_401()
    {
        using var csr = new Csr("CN=offer");
        foreach (var password in new[] { null, "AAAAAAAAAAAAAAAAAAAAAAAAAAAA" })
        {
            var answer = await server.Kipuka.EnrollAsync(csr, password);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
            Assert.Equal("Basic realm=\"est\"", answer.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task csrattrs_auth_demands_authentication_and_nothing_to_say_is_204()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Kipuka.SendAsync(HttpMethod.Get, "csrattrs")).Status);
        var answer = await server.Kipuka.SendAsync(HttpMethod.Get, "csrattrs", password: server.Password);
        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Empty(answer.Body);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/html, application/json;q=0.5")]
    public async Task An_error_is_JSON_for_whoever_asks_for_it(string accept)
    {
        var answer = await server.Kipuka.SendAsync(
            HttpMethod.Post, "simpleenroll", "***", "application/pkcs10", server.Password, change: request => request.Headers.TryAddWithoutValidation("Accept", accept));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("application/json", answer.ContentHeaders.ContentType?.MediaType);
        using var body = JsonDocument.Parse(answer.Text);
        Assert.Equal("undecodable", body.RootElement.GetProperty("error").GetString());
        Assert.NotEmpty(body.RootElement.GetProperty("message").GetString()!);
    }

    [Fact]
    [Requirement("RFC 8951", "5.1", Level.Should, "An error comes with a text for people.")]
    public async Task A_client_that_accepts_EST_types_only_gets_a_line_of_text()
    {
        var answer = await server.Kipuka.SendAsync(
            HttpMethod.Post, "simpleenroll", "***", "application/pkcs10", server.Password, change: request => request.Headers.TryAddWithoutValidation("Accept", "application/pkcs7-mime"));
        Assert.Equal("text/plain", answer.ContentHeaders.ContentType?.MediaType);
        Assert.EndsWith("\n", answer.Text, StringComparison.Ordinal);
        Assert.Single(answer.Text.TrimEnd('\n').Split('\n'));
    }
}
