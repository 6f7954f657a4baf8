using System.Security.Authentication;
using System.Security.Cryptography;

namespace Kipuka.Conformance;

/// <summary>The requests that RFC 7030 prints in appendix A, sent as they are. A.4 stands with /serverkeygen; A.1 and A.2 are answers, read in the unit tests.</summary>
public sealed class Rfc7030AppendixA(EstServer server) : IClassFixture<EstServer>
{
    // Its challengePassword is the tls-unique of a connection of 2013; over TLS 1.3 such a value links nothing.
    [Theory]
    [InlineData(SslProtocols.Tls12, 400)]
    [InlineData(SslProtocols.Tls13, 200)]
    public async Task The_request_of_A3_is_refused_for_its_SHA1_and_the_same_with_SHA256_for_its_link_at_most(SslProtocols protocol, int status)
    {
        await using var wire = await Wire.ConnectAsync(server.Kipuka, protocol);
        var refused = await wire.AskAsync(Post(Vector()));
        Assert.Equal(400, refused.Status);
        Assert.Contains("sha1WithRSAEncryption", refused.Text, StringComparison.Ordinal);
        using var twin = new Csr("CN=demostep4 1368141352", key: RSA.Create(2048), change: RawCsr.Challenge("+rrCir/7+Eyu50T4"));
        var judged = await wire.AskAsync(Post(twin.Der));
        Assert.True(judged.Status == status, judged.ToString());
        if (status == 400) Assert.StartsWith("binding-mismatch", judged.Text, StringComparison.Ordinal);
    }

    private static byte[] Vector() => File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "data", "rfc7030", "A.3-simpleenroll-request.der"));

    private string Post(byte[] csr)
    {
        var body = Convert.ToBase64String(csr, Base64FormattingOptions.InsertLineBreaks);
        return "POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/pkcs10\r\nContent-Transfer-Encoding: base64\r\n"
            + $"Authorization: Basic {Basic.Of(server.Password)}\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }
}
