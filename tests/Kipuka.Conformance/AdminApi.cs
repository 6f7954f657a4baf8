using System.Net;
using System.Text.Json;

namespace Kipuka.Conformance;

/// <summary>Rulings 28 and 50 to 53: the shapes of the admin API.</summary>
public sealed class AdminApi(EstServer server) : IClassFixture<EstServer>
{
    private KipukaServer Kipuka => server.Kipuka;

    [Fact]
    [Requirement("NIAP CA PP", "FMT_SMF.1", Level.Must, "Operators list, show and revoke certificates.")]
    public async Task A_certificate_is_listed_shown_and_revoked_once()
    {
        using var device = await Kipuka.EnrollDeviceAsync("CN=shown,O=Acme", ["shown.example"]);
        var serial = device.SerialNumber.ToLowerInvariant();
        var list = await GetAsync("certs?per_page=1000");
        Assert.Equal(1, list.GetProperty("page").GetInt32());
        Assert.Equal(1000, list.GetProperty("per_page").GetInt32());
        var entry = list.GetProperty("certificates").EnumerateArray().Single(one => one.GetProperty("serial").GetString() == serial);
        Assert.Equal("O=Acme,CN=shown", entry.GetProperty("subject").GetString());
        Assert.Equal("active", entry.GetProperty("status").GetString());
        Assert.Equal("default", entry.GetProperty("ca_id").GetString());

        foreach (var form in new[] { serial, device.SerialNumber, "0x" + serial, string.Join(':', serial.Chunk(2).Select(pair => new string(pair))) })
        {
            var shown = await GetAsync($"certs/{form}");
            Assert.Equal(device.ExportCertificatePem().Trim(), shown.GetProperty("pem").GetString()!.Trim());
        }

        var revoked = await Kipuka.AdminAsync(HttpMethod.Post, $"certs/{serial}/revoke", new { reason = "superseded" });
        Assert.Equal(HttpStatusCode.OK, revoked.Status);
        Assert.Equal("superseded", revoked.Body!.Value.GetProperty("revocation_reason").GetString());
        await RefusesAsync(HttpMethod.Post, $"certs/{serial}/revoke", HttpStatusCode.Conflict);
        await RefusesAsync(HttpMethod.Post, "revoke", HttpStatusCode.Conflict, new { serial });
        var after = await GetAsync($"certs?status=revoked&subject={Uri.EscapeDataString("CN=shown")}");
        Assert.Equal(1, after.GetProperty("total").GetInt64());
    }

    [Theory]
    [InlineData("GET", "certs/0102", HttpStatusCode.NotFound)]
    [InlineData("POST", "certs/0102/revoke", HttpStatusCode.NotFound)]
    [InlineData("GET", "certs/not-hex", HttpStatusCode.BadRequest)]
    [InlineData("GET", "certs?color=red", HttpStatusCode.BadRequest)]
    [InlineData("GET", "certs?per_page=1001", HttpStatusCode.BadRequest)]
    [InlineData("GET", "certs?page=0", HttpStatusCode.BadRequest)]
    [InlineData("GET", "certs?page=one", HttpStatusCode.BadRequest)]
    [InlineData("GET", "certs?status=7", HttpStatusCode.BadRequest)]
    [InlineData("GET", "certs?issued_after=yesterday", HttpStatusCode.BadRequest)]
    [InlineData("GET", "ca/nobody", HttpStatusCode.NotFound)]
    [InlineData("GET", "no/such/thing", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "certs", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "reload", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "otp/00000000-0000-0000-0000-000000000000", HttpStatusCode.NotFound)]
    public async Task A_refusal_is_JSON_with_error_and_message(string method, string path, HttpStatusCode status)
        => await RefusesAsync(new HttpMethod(method), path, status);

    [Fact]
    public async Task A_revocation_that_is_not_understood_is_400()
    {
        await RefusesAsync(HttpMethod.Post, "revoke", HttpStatusCode.BadRequest, "{");
        await RefusesAsync(HttpMethod.Post, "revoke", HttpStatusCode.BadRequest, new { reason = "superseded" });
        await RefusesAsync(HttpMethod.Post, "revoke", HttpStatusCode.BadRequest, new { serial = "01", reason = "boredom" });
        await RefusesAsync(HttpMethod.Post, "revoke", HttpStatusCode.BadRequest, new { serial = "01", reason = "removeFromCRL" });
        await RefusesAsync(HttpMethod.Post, "revoke", HttpStatusCode.BadRequest, new { serial = "01", color = "red" });
    }

    [Fact]
    public async Task Another_content_type_is_415_and_a_large_body_413()
    {
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await PostAsync("revoke", new StringContent("serial=01")));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await PostAsync("otp", new StringContent("{}")));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync("otp", new StringContent(new string(' ', 900_000) + "{}", null, "application/json")));
    }

    [Fact]
    public async Task Health_has_the_members_of_both_chapters()
    {
        var health = await GetAsync("health");
        foreach (var member in "status version uptime uptime_seconds uptime_secs ca_count components cas database plugins".Split(' '))
        {
            Assert.True(health.TryGetProperty(member, out _), member);
        }
        Assert.Equal("healthy", health.GetProperty("status").GetString());
        Assert.Equal("healthy", health.GetProperty("components").GetProperty("cas").GetProperty("default").GetString());
        Assert.True((await GetAsync("health/db")).TryGetProperty("pool_size", out _));
        Assert.True((await GetAsync("health/ca")).TryGetProperty("default", out _));
        Assert.True((await GetAsync("ca/health")).TryGetProperty("default", out _));
        var plugins = (await GetAsync("plugins")).GetProperty("plugins").EnumerateArray().ToList();
        Assert.NotEmpty(plugins);
        Assert.All(plugins, plugin => Assert.Equal("shipped", plugin.GetProperty("pin").GetString()));
    }

    [Fact]
    [Requirement("NIAP CA PP", "FMT_SMF.1", Level.Must, "Operators see the CAs and their health.")]
    public async Task A_CA_is_shown_with_its_chain()
    {
        Assert.Equal("default", (await GetAsync("ca")).EnumerateArray().Single().GetProperty("id").GetString());
        Assert.Equal("default", (await GetAsync("cas")).EnumerateArray().Single().GetProperty("id").GetString());
        Assert.Equal("healthy", (await GetAsync("ca/default")).GetProperty("status").GetString());
        var (status, _, pem) = await Kipuka.AdminAsync(HttpMethod.Get, "ca/default/chain");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(Kipuka.Authority.CertificatePem.Trim(), pem.Trim());
    }

    [Fact]
    public async Task The_OpenAPI_document_lists_every_path()
    {
        var paths = (await GetAsync("openapi.json")).GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        foreach (var path in ("health health/live health/ready health/db health/ca ca ca/health ca/{id} ca/{id}/chain cas certs certs/{serial} certs/{serial}/revoke "
            + "revoke reload plugins otp otp/generate otp/{id}").Split(' '))
        {
            Assert.Contains($"/admin/{path}", paths);
        }
    }

    [Fact]
    [Requirement("NIAP CA PP", "FTP_TRP.1", Level.Must, "Operators and users have listeners of their own.")]
    public async Task EST_is_not_on_the_admin_listener_nor_admin_on_the_EST_listener()
    {
        using var client = Kipuka.Client();
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"https://localhost:{Kipuka.AdminPort}/.well-known/est/cacerts")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"https://localhost:{Kipuka.Port}/admin/health/live")).StatusCode);
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        var (status, body, text) = await Kipuka.AdminAsync(HttpMethod.Get, path);
        Assert.True(status == HttpStatusCode.OK, $"{status} {text}");
        return body!.Value;
    }

    private async Task RefusesAsync(HttpMethod method, string path, HttpStatusCode status, object? body = null)
    {
        var answer = await Kipuka.AdminAsync(method, path, body);
        Assert.True(answer.Status == status, $"{answer.Status} {answer.Text}");
        Assert.NotEmpty(answer.Body!.Value.GetProperty("error").GetString()!);
        Assert.NotEmpty(answer.Body!.Value.GetProperty("message").GetString()!);
    }

    private async Task<HttpStatusCode> PostAsync(string path, HttpContent content)
    {
        using var client = Kipuka.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"https://localhost:{Kipuka.AdminPort}/admin/{path}") { Content = content };
        request.Headers.Authorization = new("Bearer", Kipuka.AdminToken);
        using var response = await client.SendAsync(request);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return response.StatusCode;
    }
}
