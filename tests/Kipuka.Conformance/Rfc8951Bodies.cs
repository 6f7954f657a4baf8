using System.Net;
using System.Text;

namespace Kipuka.Conformance;

/// <summary>RFC 8951 section 3 and rulings 24, 25: how bodies are written, both ways.</summary>
public sealed class Rfc8951Bodies(EstServer server) : IClassFixture<EstServer>
{
    public static TheoryData<string, bool> Forms => new()
    {
        { "line", false },
        { "line-lf", false },
        { "wrapped-64", true },
        { "wrapped-13", true },
        { "wrapped-1", true },
        { "crlf", true },
        { "spaces", false },
        { "tabs-and-blank-lines", true },
        { "pem", true },
        { "pem-new", true },
        { "der", false },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    [Requirement("RFC 7030", "4.2.3", Level.Must, "A certificate is answered with 200 in a certs-only message that holds it alone.")]
    [Requirement("RFC 8951", "3", Level.Must, "Bodies are base64, both ways.")]
    [Requirement("RFC 8951", "3.1", Level.Should, "White space in base64 is read over.")]
    public async Task A_request_is_read_in_every_form_and_the_answer_wraps_as_it_did(string form, bool wrapped)
    {
        using var csr = new Csr($"CN=form-{form}");
        var answer = await server.PostAsync(Write(csr, form));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(PublicKey(csr), answer.Certificate.PublicKey.ExportSubjectPublicKeyInfo());
        var lines = answer.Text.Split('\n');
        Assert.Equal("", lines[^1]);
        Assert.DoesNotContain('\r', answer.Text);
        if (wrapped && form != "tabs-and-blank-lines")
        {
            Assert.All(lines[..^2], line => Assert.Equal(64, line.Length));
        }
        Assert.Equal(wrapped, lines.Length > 2);
    }

    [Fact]
    [Requirement("RFC 9112", "7.1", Level.Must, "A chunked request is read.")]
    public async Task A_chunked_request_is_read()
    {
        using var csr = new Csr("CN=chunked");
        var chunks = csr.Base64.Chunk(7).Select(chunk => $"{chunk.Length:x}\r\n{new string(chunk)}\r\n");
        var answer = await Wire.AskAsync(server.Kipuka, "POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/pkcs10\r\n"
            + $"Authorization: Basic {Basic.Of(server.Password)}\r\nTransfer-Encoding: chunked\r\n\r\n{string.Concat(chunks)}0\r\n\r\n");
        Assert.Equal(200, answer.Status);
    }

    [Theory]
    [InlineData("binary")]
    [InlineData("8bit")]
    [InlineData("quoted-printable")]
    [Requirement("RFC 8951", "3", Level.Must, "A Content-Transfer-Encoding of a request is ignored.")]
    public async Task The_Content_Transfer_Encoding_of_a_request_is_ignored(string encoding)
    {
        using var csr = new Csr("CN=cte");
        var answer = await Wire.AskAsync(server.Kipuka, server.Post(csr, headers: $"Content-Transfer-Encoding: {encoding}\r\n"));
        Assert.Equal(200, answer.Status);
    }

    [Fact]
    [Requirement("RFC 7030", "4.1.3", Level.Must, "/cacerts is a certs-only message of type application/pkcs7-mime.")]
    public async Task An_answer_has_a_length_and_a_short_head_and_is_never_chunked()
    {
        using var csr = new Csr("CN=headers");
        foreach (var answer in new[]
        {
            await Wire.AskAsync(server.Kipuka, server.Post(csr)),
            await Wire.AskAsync(server.Kipuka, "GET /.well-known/est/cacerts HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        })
        {
            Assert.Equal(200, answer.Status);
            Assert.Equal("application/pkcs7-mime; smime-type=certs-only", answer.Header("Content-Type"));
            Assert.Equal("base64", answer.Header("Content-Transfer-Encoding"));
            Assert.NotNull(answer.Header("Content-Length"));
            Assert.Null(answer.Header("Transfer-Encoding"));
            Assert.InRange(answer.Head.Length, 1, 899);
        }
    }

    [Theory]
    [InlineData("libest 3.2.0", true)]
    [InlineData("curl/8.5.0", false)]
    [InlineData("my-libest", false)]
    public async Task A_read_is_one_line_except_for_libest(string agent, bool wrapped)
    {
        var answer = await Wire.AskAsync(server.Kipuka, $"GET /.well-known/est/cacerts HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {agent}\r\n\r\n");
        Assert.EndsWith("\n", answer.Text, StringComparison.Ordinal);
        Assert.Equal(wrapped, answer.Text.TrimEnd('\n').Contains('\n'));
    }

    [Fact]
    [Requirement("RFC 9110", "10.1.1", Level.Must, "A client that expects 100 gets it, or a final status.")]
    public async Task Expect_100_continue_is_answered()
    {
        using var csr = new Csr("CN=expect");
        await using var wire = await Wire.ConnectAsync(server.Kipuka);
        var request = server.Post(csr, headers: "Expect: 100-continue\r\n");
        var head = request[..(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)];
        Assert.Equal(100, (await wire.AskAsync(head)).Status);
        Assert.Equal(200, (await wire.AskAsync(csr.Base64)).Status);
    }

    private static byte[] PublicKey(Csr csr) => ((System.Security.Cryptography.ECDsa)csr.Key).ExportSubjectPublicKeyInfo();

    private static object Write(Csr csr, string form) => form switch
    {
        "line" => csr.Base64,
        "line-lf" => csr.Base64 + "\n",
        "wrapped-64" => Wrap(csr.Base64, 64, "\n"),
        "wrapped-13" => Wrap(csr.Base64, 13, "\n"),
        "wrapped-1" => Wrap(csr.Base64, 1, "\n"),
        "crlf" => Wrap(csr.Base64, 76, "\r\n"),
        "spaces" => Wrap(csr.Base64, 10, "  "),
        "tabs-and-blank-lines" => "\r\n\t" + Wrap(csr.Base64, 20, "\t\n\n") + " \n",
        "pem" => $"-----BEGIN CERTIFICATE REQUEST-----\n{Wrap(csr.Base64, 64, "\n")}-----END CERTIFICATE REQUEST-----\n",
        "pem-new" => $"-----BEGIN NEW CERTIFICATE REQUEST-----\r\n{Wrap(csr.Base64, 64, "\r\n")}-----END NEW CERTIFICATE REQUEST-----\r\n",
        _ => csr.Der,
    };

    private static string Wrap(string text, int columns, string end)
    {
        var wrapped = new StringBuilder();
        foreach (var line in text.Chunk(columns))
        {
            wrapped.Append(line).Append(end);
        }
        return wrapped.ToString();
    }
}
