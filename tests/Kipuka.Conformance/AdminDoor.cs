using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>Rulings 3, 4 and 53: who may use the admin API, and that nobody else may.</summary>
public sealed class AdminDoor(AdminDoor.Server server) : IClassFixture<AdminDoor.Server>
{
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";

    public sealed class Server : EstServer
    {
        public TestAuthority Operators { get; } = new("Operators CA");

        protected override ServerSetup Setup => new()
        {
            Files = new Dictionary<string, string> { ["operators.pem"] = Operators.CertificatePem },
            More = "[admin.client_auth]\nmode = \"optional\"\ntrust_anchors = [\"operators.pem\"]\n",
        };
    }

    [Fact]
    public async Task The_token_opens_and_no_other_does()
    {
        Assert.Equal(HttpStatusCode.OK, await AskAsync($"Bearer {server.Kipuka.AdminToken}"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync($"bearer {server.Kipuka.AdminToken}"));
        foreach (var wrong in new[] { null, "Bearer", "Bearer x", $"Bearer {server.Kipuka.AdminToken}x", $"Bearer {server.Kipuka.AdminToken.ToLowerInvariant()}", $"Token {server.Kipuka.AdminToken}" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(wrong));
        }
    }

    [Fact]
    [Requirement("NIAP CA PP", "FMT_SMR.1", Level.Must, "Operators and users are two roles, and no credential is good for both.")]
    public async Task No_EST_credential_opens_admin_and_no_admin_credential_enrolls()
    {
        using var device = await server.Kipuka.EnrollDeviceAsync("CN=device");
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync($"Basic {Basic.Of(server.Password)}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync($"Bearer {server.Password}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(null, device));

        using var csr = new Csr("CN=crossed");
        using var operators = server.Operators.Issue("CN=alice", usages: [ClientAuth]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Kipuka.EnrollAsync(csr, server.Kipuka.AdminToken)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Kipuka.EnrollAsync(csr, null, operators)).Status);
        var bearer = await server.Kipuka.SendAsync(
            HttpMethod.Post, "simpleenroll", csr.Base64, "application/pkcs10", change: request => request.Headers.Authorization = new("Bearer", server.Kipuka.AdminToken));
        Assert.Equal(HttpStatusCode.Unauthorized, bearer.Status);
    }

    [Fact]
    public async Task An_operators_certificate_opens_if_it_is_for_clients_and_valid()
    {
        using var fine = server.Operators.Issue("CN=alice", usages: [ClientAuth]);
        using var noUsage = server.Operators.Issue("CN=alice");
        using var otherUsage = server.Operators.Issue("CN=alice", usages: [ServerAuth]);
        using var expired = server.Operators.Issue("CN=alice", usages: [ClientAuth], notBefore: DateTimeOffset.UtcNow.AddDays(-2), notAfter: DateTimeOffset.UtcNow.AddDays(-1));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(null, fine));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(null, noUsage));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(null, otherUsage));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(null, expired));
    }

    [Theory]
    [InlineData("health/live")]
    [InlineData("health/ready")]
    public async Task Probes_need_no_authentication(string path) => Assert.Equal(HttpStatusCode.OK, await AskAsync(null, path: path));

    [Theory]
    [InlineData("health")]
    [InlineData("health/db")]
    [InlineData("health/ca")]
    [InlineData("openapi.json")]
    [InlineData("no/such/thing")]
    public async Task Everything_else_does(string path) => Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(null, path: path));

    [Fact]
    public async Task A_page_of_another_origin_may_read_nothing_new_and_change_nothing()
    {
        var bearer = $"Bearer {server.Kipuka.AdminToken}";
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(bearer, path: "reload", method: HttpMethod.Post, header: ("Origin", "https://evil.example")));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(bearer, path: "reload", method: HttpMethod.Post, header: ("Origin", "null")));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(bearer, path: "reload", method: HttpMethod.Post, header: ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(bearer, path: "reload", method: HttpMethod.Post, header: ("Origin", $"https://localhost:{server.Kipuka.AdminPort}")));
    }

    private async Task<HttpStatusCode> AskAsync(
        string? authorization, X509Certificate2? certificate = null, string path = "ca", HttpMethod? method = null, (string Name, string Value)? header = null)
    {
        using var client = server.Kipuka.Client(certificate);
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, $"https://localhost:{server.Kipuka.AdminPort}/admin/{path}");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }
        if (header is { } extra)
        {
            request.Headers.TryAddWithoutValidation(extra.Name, extra.Value);
        }
        using var response = await client.SendAsync(request);
        Assert.Equal(response.StatusCode == HttpStatusCode.Unauthorized, response.Headers.WwwAuthenticate.ToString().StartsWith("Bearer", StringComparison.Ordinal));
        return response.StatusCode;
    }
}
