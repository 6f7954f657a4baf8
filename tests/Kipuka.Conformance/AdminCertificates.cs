using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>Rulings 3 and 4: <c>subjects</c> narrows the operators' certificates, and <c>mode = "required"</c> wants one besides the token.</summary>
public sealed class AdminCertificates(AdminCertificates.Server server) : IClassFixture<AdminCertificates.Server>
{
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    public sealed class Server : IAsyncLifetime
    {
        public TestAuthority Operators { get; } = new("Operators CA");

        public KipukaServer Kipuka { get; private set; } = null!;

        public async Task InitializeAsync() => Kipuka = await KipukaServer.StartAsync(new ServerSetup
        {
            Files = new Dictionary<string, string> { ["operators.pem"] = Operators.CertificatePem },
            // .NET encodes a name's attributes in the opposite order of its text.
            Admin = "mode = \"required\"\ntrust_anchors = \"operators.pem\"\nsubjects = [\"OU=PKI,CN=*\"]",
        });

        public async Task DisposeAsync()
        {
            await Kipuka.DisposeAsync();
            Operators.Dispose();
        }
    }

    [Fact]
    public async Task A_certificate_is_always_needed_and_the_token_in_addition()
    {
        using var fine = server.Operators.Issue("CN=alice, OU=PKI", usages: [ClientAuth]);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(fine, server.Kipuka.AdminToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(fine, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(null, server.Kipuka.AdminToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(fine, "not the token, but as long"));
    }

    [Fact]
    public async Task Subjects_are_globs_over_the_whole_subject()
    {
        using var fine = server.Operators.Issue("CN=bob, OU=PKI", usages: [ClientAuth]);
        using var other = server.Operators.Issue("CN=bob, OU=Fleet", usages: [ClientAuth]);
        using var more = server.Operators.Issue("CN=bob, OU=PKI, O=Else", usages: [ClientAuth]);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(fine, server.Kipuka.AdminToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(other, server.Kipuka.AdminToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(more, server.Kipuka.AdminToken));
    }

    private async Task<HttpStatusCode> AskAsync(X509Certificate2? certificate, string? token)
    {
        using var client = server.Kipuka.Client(certificate);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://localhost:{server.Kipuka.AdminPort}/admin/ca");
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
