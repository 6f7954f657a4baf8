using System.Net;

namespace Kipuka.Conformance;

/// <summary>Bodies that are no request. Each test sends a twin afterwards that differs only in what was refused, and gets a certificate.</summary>
public sealed class BadInputBodies(EstServer server) : IClassFixture<EstServer>
{
    [Fact]
    public async Task What_is_not_base64_is_400()
    {
        using var csr = new Csr("CN=not-base64");
        await RefusesAsync(csr.Base64.Insert(40, "*"), csr.Base64, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Base64_with_wrong_padding_is_400()
    {
        using var csr = new Csr("CN=padding");
        await RefusesAsync(csr.Base64 + "=", csr.Base64, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [Requirement("RFC 2986", "4.1", Level.Must, "A request is DER to its last byte.")]
    public async Task Truncated_DER_is_400(int missing)
    {
        using var csr = new Csr("CN=truncated");
        await RefusesAsync(csr.Der[..^missing], csr.Der, HttpStatusCode.BadRequest);
        await RefusesAsync(Convert.ToBase64String(csr.Der[..^missing]), csr.Base64, HttpStatusCode.BadRequest);
    }

    [Fact]
    [Requirement("RFC 2986", "4.1", Level.Must, "A request is DER to its last byte.")]
    public async Task Bytes_behind_the_request_are_400()
    {
        using var csr = new Csr("CN=trailing");
        await RefusesAsync((byte[])[.. csr.Der, 0], csr.Der, HttpStatusCode.BadRequest);
        await RefusesAsync(Convert.ToBase64String([.. csr.Der, 0x05, 0x00]), csr.Base64, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("M")]
    [InlineData("\n")]
    [InlineData("\0")]
    [InlineData("AAAA")]
    public async Task Hardly_any_body_is_400(string body)
    {
        using var csr = new Csr("CN=tiny");
        await RefusesAsync(body, csr.Base64, HttpStatusCode.BadRequest);
    }

    [Fact]
    [Requirement("RFC 9110", "15.5.14", Level.May, "A content that is too large may be answered 413, before it was sent.")]
    public async Task A_body_of_2_MB_is_413_and_one_with_as_much_white_space_as_fits_is_read()
    {
        using var csr = new Csr("CN=large");
        await using var wire = await Wire.ConnectAsync(server.Kipuka);
        var head = server.Post(csr)[..^csr.Base64.Length].Replace($"Length: {csr.Base64.Length}", $"Length: {2 << 20}", StringComparison.Ordinal);
        await wire.SendAsync(head);
        // The answer comes before the body has been sent; what is still written then may meet a closed connection.
        var sending = wire.SendAsync(new string('\n', 2 << 20));
        Assert.Equal(413, (await wire.ReadAsync()).Status);
        await Record.ExceptionAsync(() => sending);
        var twin = await server.PostAsync(csr.Base64 + new string('\n', (1 << 20) - csr.Base64.Length));
        Assert.Equal(HttpStatusCode.OK, twin.Status);
    }

    [Fact]
    [Requirement("RFC 9110", "15.5.14", Level.May, "A content that is too large may be answered 413, before it was sent.")]
    public async Task A_chunked_body_of_2_MB_is_413_though_nobody_announced_it()
    {
        using var csr = new Csr("CN=large-chunked");
        var answer = await server.Kipuka.SendAsync(
            HttpMethod.Post, "simpleenroll", new byte[2 << 20], "application/pkcs10", server.Password, change: request => request.Headers.TransferEncodingChunked = true);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(csr)).Status);
    }

    [Fact]
    [Requirement("RFC 7030", "4.2.1", Level.Must, "The request of /simpleenroll is of type application/pkcs10.")]
    public async Task A_missing_content_type_is_400_and_a_wrong_one_415()
    {
        using var csr = new Csr("CN=type");
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync(csr.Base64, contentType: null)).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await server.PostAsync(csr.Base64, contentType: "application/pkcs7-mime")).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await server.PostAsync(csr.Base64, contentType: "application/pkcs10x")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(csr.Base64, contentType: "Application/PKCS10; charset=utf-8")).Status);
    }

    [Fact]
    public async Task The_armour_of_something_else_is_400()
    {
        using var csr = new Csr("CN=armour");
        await RefusesAsync(Armour("CERTIFICATE", csr), Armour("CERTIFICATE REQUEST", csr), HttpStatusCode.BadRequest);
        await RefusesAsync(Armour("NEW CERTIFICATE REQUEST", csr)[..^5], Armour("NEW CERTIFICATE REQUEST", csr), HttpStatusCode.BadRequest);
    }

    private static string Armour(string label, Csr csr) => $"-----BEGIN {label}-----\n{csr.Base64}\n-----END {label}-----\n";

    private async Task RefusesAsync(object bad, object good, HttpStatusCode status)
    {
        var answer = await server.PostAsync(bad);
        Assert.Equal(status, answer.Status);
        Assert.Equal("text/plain", answer.ContentHeaders.ContentType?.MediaType);
        Assert.Single(answer.Text.TrimEnd('\n').Split('\n'));
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(good)).Status);
    }
}
