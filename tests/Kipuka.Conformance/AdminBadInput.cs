using System.Net;
using System.Text;

namespace Kipuka.Conformance;

/// <summary>Ruling 28: what the admin API cannot read is answered in its one shape, and the message says what to mend.</summary>
public sealed class AdminBadInput(AdminBadInput.Server server) : IClassFixture<AdminBadInput.Server>
{
    public sealed class Server : EstServer
    {
        protected override ServerSetup Setup => new();
    }

    [Theory]
    [InlineData("revoke", """{"serial": "0102", "nonsense": 1}""", "the member nonsense of the body is not known here")]
    [InlineData("revoke", """{"serial": "0102", "serial": "0103"}""", "the member serial of the body is given twice")]
    [InlineData("revoke", """{"serial": 5}""", "the member serial of the body is not of the kind that is expected (line 1, byte ")]
    [InlineData("revoke", """{"serial": "\ud800"}""", "the member serial of the body is not of the kind that is expected")]
    [InlineData("revoke", "{", "the body is not the JSON object that is expected (line 1, byte 2)")]
    [InlineData("revoke", "[]", "the body is not the JSON object that is expected")]
    [InlineData("revoke", null, "the body is missing")]
    [InlineData("revoke", "null", "the body is missing")]
    [InlineData("renewal-info", """{"ca": "default", "end": "soon", "reason": "x"}""", "the member end of the body is not of the kind that is expected")]
    [InlineData("ha/failover", """{"of": "default"}""", "the member of of the body is not known here")]
    [InlineData("audit/archive", """{"after": "2026-01-01"}""", "the member after of the body is not known here")]
    [InlineData("certs/0102/revoke", """{"why": "x"}""", "the member why of the body is not known here")]
    [InlineData("requests/0b5f6f8e-7f0c-4c8c-9d43-0a3f0a1c2b3d/approve", """{"comment": "as agreed"}""", "the member comment of the body is not known here")]
    [InlineData("otp", """{"entity_id": "\ud800"}""", "the body is not JSON, or a member of it is given twice")]
    [InlineData("otp", """{"entity_id": "a", "entity_id": "b"}""", "the body is not JSON, or a member of it is given twice")]
    [InlineData("otp", """{"nonsense": 1}""", "\"nonsense\" is not known here; known are entity_id")]
    public async Task A_body_that_cannot_be_read_is_400_and_the_message_names_the_fault(string path, string? body, string message)
    {
        var (status, answer, text) = await server.Kipuka.AdminAsync(HttpMethod.Post, path, body);
        Assert.True(status == HttpStatusCode.BadRequest, text);
        Assert.Contains(message, answer!.Value.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(["error", "message"], answer.Value.EnumerateObject().Select(member => member.Name));
        Assert.DoesNotContain("Kipuka.", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reload", """{"force": true}""")]
    [InlineData("login", "x")]
    [InlineData("logout", "[{}]")]
    public async Task A_body_that_nothing_would_read_is_400(string path, string body)
    {
        var (status, answer, text) = await server.Kipuka.AdminAsync(HttpMethod.Post, path, body);
        Assert.True(status == HttpStatusCode.BadRequest, text);
        Assert.Equal("nothing is known here that a body could say; leave it out", answer!.Value.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" {\n } ")]
    public async Task Where_no_body_is_read_an_empty_one_is_none(string? body)
    {
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.AdminAsync(HttpMethod.Post, "reload", body)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await server.Kipuka.AdminAsync(HttpMethod.Post, "logout", body)).Status);
    }

    // What differs only in being readable is answered by what it asks for.
    [Theory]
    [InlineData("revoke", """{"serial": "0102"}""", HttpStatusCode.NotFound)]
    [InlineData("certs/0102/revoke", """{"reason": "superseded"}""", HttpStatusCode.NotFound)]
    [InlineData("certs/0102/revoke", null, HttpStatusCode.NotFound)]
    [InlineData("ha/failover", """{"off": "default"}""", HttpStatusCode.Conflict)]
    [InlineData("audit/archive", """{"before": "2026-01-01"}""", HttpStatusCode.Conflict)]
    [InlineData("otp", """{"entity_id": "\ud83d\ude00"}""", HttpStatusCode.Created)]
    public async Task A_body_that_can_be_read_is_answered(string path, string? body, HttpStatusCode expected)
        => Assert.Equal(expected, (await server.Kipuka.AdminAsync(HttpMethod.Post, path, body)).Status);

    [Theory]
    [InlineData("certs?page=x", "the parameter page cannot be read: 'x'")]
    [InlineData("certs?per_page=1e3", "the parameter per_page cannot be read: '1e3'")]
    [InlineData("requests?page=99999999999", "the parameter page cannot be read: '99999999999'")]
    public async Task A_parameter_that_cannot_be_read_is_400_and_named(string path, string message)
    {
        var (status, answer, text) = await server.Kipuka.AdminAsync(HttpMethod.Get, path);
        Assert.True(status == HttpStatusCode.BadRequest, text);
        Assert.Equal(message, answer!.Value.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("revoke")]
    [InlineData("otp")]
    [InlineData("audit/archive")]
    public async Task A_body_that_is_too_large_is_413_and_one_of_another_kind_415(string path)
    {
        Assert.Equal(
            (HttpStatusCode.RequestEntityTooLarge, true), await SendAsync(path, $"{{\"serial\": \"{new string('a', 20 << 20)}\"}}", "application/json", "\"too_large\""));
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, true), await SendAsync(path, "{}", "text/plain", "\"unsupported_media_type\""));
    }

    // The client asks before it sends the body: what is refused is not written into a connection that the server has closed.
    private async Task<(HttpStatusCode Status, bool Says)> SendAsync(string path, string body, string type, string error)
    {
        using var client = server.Kipuka.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"https://localhost:{server.Kipuka.AdminPort}/admin/{path}")
        {
            Content = new StringContent(body, Encoding.UTF8, type),
        };
        request.Headers.Authorization = new("Bearer", server.Kipuka.AdminToken);
        request.Headers.ExpectContinue = true;
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, (await answer.Content.ReadAsStringAsync()).Contains(error, StringComparison.Ordinal));
    }
}
