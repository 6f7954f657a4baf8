using System.Net;
using System.Text.Json;

namespace Kipuka.Conformance;

/// <summary>Ruling 3: several operators with tokens of their own, each known by its description in every record.</summary>
public sealed class AdminTokens(AdminTokens.Server server) : IClassFixture<AdminTokens.Server>
{
    private const string Alice = "alice-0123456789abcdef0123456789abcdef";
    private const string Bob = "bob-0123456789abcdef0123456789abcdef00";

    public sealed class Server : EstServer
    {
        protected override ServerSetup Setup => new() { Tokens = new Dictionary<string, string> { ["alice"] = Alice, ["bob's script"] = Bob } };
    }

    [Theory]
    [InlineData(Alice, "alice")]
    [InlineData(Bob, "bob's script")]
    public async Task Each_token_opens_and_is_the_operator_of_its_records(string token, string description)
    {
        using var device = await server.Kipuka.EnrollDeviceAsync($"CN=of-{description.Split('\'')[0]}");
        var (who, view, _) = await server.Kipuka.AdminAsync(HttpMethod.Get, "whoami", token: token);
        Assert.Equal((HttpStatusCode.OK, description), (who, view!.Value.GetProperty("operator").GetString()));
        var (status, _, text) = await server.Kipuka.AdminAsync(HttpMethod.Post, $"certs/{device.SerialNumber}/revoke", new { reason = "superseded" }, token);
        Assert.True(status == HttpStatusCode.OK, text);
        await server.Kipuka.AdminAsync(HttpMethod.Get, "labels", token: token);
        await server.Kipuka.AdminAsync(HttpMethod.Post, "otp", new { entity_id = "audited" }, token);

        foreach (var name in (string[])["cert.revoked", "admin.action", "admin.access", "otp.created"])
        {
            var records = await RecordsAsync($"event={name}&actor={Uri.EscapeDataString($"bearer:{description}")}");
            Assert.True(records.Count > 0, name);
            Assert.All(records, record => Assert.Equal($"bearer:{description}", record.GetProperty("actor").GetString()));
        }
        var revoked = Assert.Single(await RecordsAsync($"event=cert.revoked&serial={device.SerialNumber}"));
        Assert.Equal($"bearer:{description}", revoked.GetProperty("actor").GetString());
    }

    [Fact]
    public async Task A_token_is_not_told_by_the_configuration_the_log_or_the_journal()
    {
        await server.Kipuka.AdminAsync(HttpMethod.Get, "labels", token: Alice);
        Assert.DoesNotContain(Alice, await File.ReadAllTextAsync(server.Kipuka.ConfigFile), StringComparison.Ordinal);
        Assert.DoesNotContain(Alice, server.Kipuka.Log, StringComparison.Ordinal);
        var (_, _, journal) = await server.Kipuka.AdminAsync(HttpMethod.Get, "audit?per_page=1000");
        Assert.Contains("bearer:alice", journal, StringComparison.Ordinal);
        Assert.DoesNotContain(Alice, journal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hash_is_no_token_and_an_operators_token_no_clients_password()
    {
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Alice)));
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Kipuka.AdminAsync(HttpMethod.Get, "ca", token: hash)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.AdminAsync(HttpMethod.Get, "ca", token: Alice)).Status);
        using var csr = new Csr("CN=crossed");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Kipuka.EnrollAsync(csr, Alice)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.EnrollAsync(csr, server.Password)).Status);
    }

    // Ruling 53: the one path that the book also has without /admin.
    [Fact]
    public async Task The_health_of_the_CAs_beside_admin_is_for_operators_too()
    {
        using var client = server.Kipuka.Client();
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync($"https://localhost:{server.Kipuka.AdminPort}/health/ca")).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", Bob);
        var health = JsonDocument.Parse(await client.GetStringAsync($"https://localhost:{server.Kipuka.AdminPort}/health/ca")).RootElement;
        Assert.Equal("healthy", health.GetProperty("default").GetProperty("status").GetString());
    }

    private async Task<List<JsonElement>> RecordsAsync(string query)
    {
        var (_, page, text) = await server.Kipuka.AdminAsync(HttpMethod.Get, $"audit?per_page=1000&{query}");
        return page is { } found ? [.. found.GetProperty("events").EnumerateArray()] : throw new InvalidOperationException(text);
    }
}
