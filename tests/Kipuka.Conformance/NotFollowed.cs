using System.Net;
using System.Net.Http.Headers;

namespace Kipuka.Conformance;

/// <summary>What docs/rfc-support.md says of demands that are not followed on purpose, where no other test says it.</summary>
public sealed class NotFollowed(EstServer server) : IClassFixture<EstServer>
{
    // RFC 7030 section 3.2.3 lets a server choose.
    [Fact]
    public async Task Digest_credentials_are_401_with_a_challenge_for_Basic()
    {
        using var csr = new Csr("CN=digest");
        var digest = new AuthenticationHeaderValue(
            "Digest", "username=\"device\", realm=\"est\", nonce=\"bm9uY2U=\", uri=\"/.well-known/est/simpleenroll\", response=\"00000000000000000000000000000000\"");
        var answer = await SendAsync(csr, digest);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal(["Basic"], answer.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(csr, new AuthenticationHeaderValue("Basic", Basic.Of(server.Password)))).Status);
    }

    private Task<EstAnswer> SendAsync(Csr csr, AuthenticationHeaderValue credentials) => server.Kipuka.SendAsync(
        HttpMethod.Post, "simpleenroll", csr.Base64, "application/pkcs10", change: request => request.Headers.Authorization = credentials);
}
