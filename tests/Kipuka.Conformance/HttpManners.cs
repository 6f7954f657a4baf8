using System.Net;

namespace Kipuka.Conformance;

/// <summary>RFC 7030 section 3.2 over RFC 9110: methods, Accept, connections that live on, and what an operator can switch off or move.</summary>
public sealed class HttpManners(EstServer server) : IClassFixture<EstServer>
{
    [Theory]
    [InlineData("cacerts", "GET, HEAD, OPTIONS")]
    [InlineData("csrattrs", "GET, HEAD, OPTIONS")]
    [InlineData("renewal-info/x.y", "GET, HEAD, OPTIONS")]
    [InlineData("simpleenroll", "POST, OPTIONS")]
    [InlineData("simplereenroll", "POST, OPTIONS")]
    [InlineData("serverkeygen", "POST, OPTIONS")]
    [InlineData("fullcmc", "POST, OPTIONS")]
    [Requirement("RFC 9110", "9.3.7", Level.Should, "OPTIONS says what an operation can do.")]
    public async Task OPTIONS_is_204_with_the_methods_of_the_operation(string operation, string allow)
    {
        var answer = await server.Kipuka.SendAsync(HttpMethod.Options, operation);
        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Equal(allow, string.Join(", ", answer.ContentHeaders.Allow));
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/pkcs7-mime")]
    [InlineData("application/pkcs7-mime; smime-type=certs-only")]
    [InlineData("text/html;q=0.9")]
    [InlineData("nonsense")]
    [Requirement("RFC 7030", "4.2.3", Level.Must, "A certificate is answered with 200 in a certs-only message that holds it alone.")]
    [Requirement("RFC 9110", "12.5.1", Level.May, "Accept is a wish.")]
    public async Task No_Accept_keeps_a_client_from_its_certificate(string accept)
    {
        using var csr = new Csr("CN=accept");
        var answer = await server.Kipuka.SendAsync(
            HttpMethod.Post, "simpleenroll", csr.Base64, "application/pkcs10", server.Password, change: request => request.Headers.TryAddWithoutValidation("Accept", accept));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/pkcs7-mime; smime-type=certs-only", answer.ContentHeaders.ContentType!.ToString());
    }

    [Fact]
    [Requirement("RFC 9112", "9.3", Level.Should, "A connection lives on after an answer, a refusal too.")]
    public async Task A_connection_lives_on_after_refusals()
    {
        await using var wire = await Wire.ConnectAsync(server.Kipuka);
        using var wrong = new Csr("CN=*", ["*.wild.example"]);
        using var right = new Csr("CN=right");
        Assert.Equal(400, (await wire.AskAsync(KeepAlive(wrong))).Status);
        Assert.Equal(405, (await wire.AskAsync("GET /.well-known/est/simpleenroll HTTP/1.1\r\nHost: localhost\r\n\r\n")).Status);
        Assert.Equal(404, (await wire.AskAsync("GET /.well-known/est/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n")).Status);
        Assert.Equal(401, (await wire.AskAsync(KeepAlive(right).Replace("Authorization:", "X-Nothing:", StringComparison.Ordinal))).Status);
        Assert.Equal(200, (await wire.AskAsync(KeepAlive(right))).Status);
    }

    [Fact]
    [Requirement("RFC 8951", "5.1", Level.Should, "An error comes with a text for people.")]
    public async Task An_error_is_text_plain_with_a_length_RFC_8951_section_3_2()
    {
        var answer = await server.PostAsync("***");
        Assert.Equal("text/plain", answer.ContentHeaders.ContentType!.MediaType);
        Assert.Equal(answer.Body.Length, answer.ContentHeaders.ContentLength);
        Assert.Single(answer.Text.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task The_base_path_moves_and_nothing_stays_behind()
    {
        await using var moved = await KipukaServer.StartAsync(new ServerSetup { Est = "base_path = \"/pki/est\"" });
        Assert.Equal(HttpStatusCode.OK, (await moved.SendAsync(HttpMethod.Get, "/pki/est/cacerts")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await moved.SendAsync(HttpMethod.Get, "/.well-known/est/cacerts")).Status);
    }

    [Fact]
    public async Task An_operation_that_is_switched_off_is_404_and_the_others_answer()
    {
        await using var narrow = await KipukaServer.StartAsync(new ServerSetup
        {
            Est = "cacerts = false\nsimpleenroll = false\ncsr_attributes = [\"2.5.4.3\"]",
        });
        var password = await narrow.CreatePasswordAsync();
        using var csr = new Csr("CN=off");
        var off = await narrow.EnrollAsync(csr, password);
        Assert.Equal(HttpStatusCode.NotFound, off.Status);
        Assert.Contains("switched off", off.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await narrow.SendAsync(HttpMethod.Get, "cacerts")).Status);
        Assert.Equal(HttpStatusCode.OK, (await narrow.SendAsync(HttpMethod.Get, "csrattrs")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await narrow.EnrollAsync(csr, password, path: "simplereenroll")).Status);
    }

    private string KeepAlive(Csr csr) => server.Post(csr).Replace("Connection: close\r\n", "", StringComparison.Ordinal);
}
