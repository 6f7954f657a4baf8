using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Kipuka.Conformance;

/// <summary>/admin/renewal-info: operators have certificates renewed early, a few or all of a CA.</summary>
public sealed class Replacement(Replacement.Server server) : IClassFixture<Replacement.Server>
{
    public sealed class Server : EstServer
    {
        protected override ServerSetup Setup => new()
        {
            More = "[[est.label]]\nname = \"iot\"\nca_id = \"default\"\nrequire_san = false\n[[est.label]]\nname = \"web\"\nca_id = \"default\"\nrequire_san = false\n",
        };
    }

    private static DateTimeOffset Soon => TimeProvider.System.GetUtcNow().AddMinutes(5);

    [Fact]
    public async Task A_window_holds_for_the_certificates_that_it_names_until_it_is_lifted()
    {
        using var device = await server.Kipuka.EnrollDeviceAsync("CN=Fleet-1", path: "iot/simpleenroll");
        using var other = await server.Kipuka.EnrollDeviceAsync("CN=other-1", path: "iot/simpleenroll");
        using var elsewhere = await server.Kipuka.EnrollDeviceAsync("CN=fleet-2", path: "web/simpleenroll");
        X509Certificate2[] all = [device, other, elsewhere];
        var before = await Task.WhenAll(all.Select(StartAsync));
        var soon = Soon;
        var made = await AddAsync(new
        {
            ca = "default", label = "iot", subject = "fleet", issued_before = Soon, start = soon, end = soon.AddDays(1), reason = "weak keys of fleet devices",
            explanation_url = "https://pki.example/fleet",
        });
        Assert.Equal(soon, await StartAsync(device), TimeSpan.FromSeconds(1));
        Assert.Equal((before[1], before[2]), (await StartAsync(other), await StartAsync(elsewhere)));

        var id = made.GetProperty("id").GetString();
        var (_, list, _) = await server.Kipuka.AdminAsync(HttpMethod.Get, "renewal-info");
        var listed = Assert.Single(list!.Value.GetProperty("windows").EnumerateArray(), window => window.GetProperty("id").GetString() == id);
        Assert.Equal("weak keys of fleet devices", listed.GetProperty("reason").GetString());
        Assert.StartsWith("bearer:", listed.GetProperty("created_by").GetString(), StringComparison.Ordinal);
        Assert.Contains(JournalRecord.Of(server.Kipuka, "replacement.set"), record => record.Details["id"] == id && record.Actor == "bearer:tests"
            && record.Details["filter_subject"] == "fleet" && record.Details["reason"] == "weak keys of fleet devices");

        Assert.Equal(HttpStatusCode.NoContent, (await server.Kipuka.AdminAsync(HttpMethod.Delete, $"renewal-info/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Kipuka.AdminAsync(HttpMethod.Delete, $"renewal-info/{id}")).Status);
        Assert.Equal(before[0], await StartAsync(device));
        Assert.Contains(JournalRecord.Of(server.Kipuka, "replacement.lifted"), record => record.Details["id"] == id && record.Actor == "bearer:tests");
    }

    [Fact]
    public async Task Without_a_start_it_begins_at_once_and_a_later_window_than_the_usual_changes_nothing()
    {
        using var device = await server.Kipuka.EnrollDeviceAsync("CN=now", path: "iot/simpleenroll");
        var usual = await StartAsync(device);
        await AddAsync(new { serial = device.SerialNumber, start = usual.AddDays(10), end = usual.AddDays(20), reason = "later" });
        Assert.Equal(usual, await StartAsync(device));
        await AddAsync(new { serial = device.SerialNumber, end = Soon, reason = "now" });
        Assert.True(await StartAsync(device) <= TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task A_window_survives_a_killed_server()
    {
        await using var own = await KipukaServer.StartAsync();
        using var device = await own.EnrollDeviceAsync("CN=kept");
        Assert.Equal(HttpStatusCode.Created, (await own.AdminAsync(HttpMethod.Post, "renewal-info", new { ca = "default", end = Soon, reason = "all of it" })).Status);
        await own.KillAsync();
        await own.StartProcessAsync();
        var window = RenewalInfo.Window(await own.SendAsync(HttpMethod.Get, RenewalInfo.Path(RenewalInfo.Id(device), null)));
        Assert.True(window.Start <= TimeProvider.System.GetUtcNow());
    }

    [Theory]
    [InlineData("""{"end":"2030-01-02T00:00:00Z","reason":"x"}""", "at least one of")]
    [InlineData("""{"ca":"defualt","end":"2030-01-02T00:00:00Z","reason":"x"}""", "no CA 'defualt'")]
    [InlineData("""{"label":"tio","end":"2030-01-02T00:00:00Z","reason":"x"}""", "no label 'tio'")]
    [InlineData("""{"serial":"xyz","end":"2030-01-02T00:00:00Z","reason":"x"}""", "no serial number")]
    [InlineData("""{"subject":"","end":"2030-01-02T00:00:00Z","reason":"x"}""", "subject is 1 to")]
    [InlineData("""{"ca":"default","end":"2030-01-02T00:00:00Z"}""", "reason is 1 to")]
    [InlineData("""{"ca":"default","end":"2030-01-02T00:00:00Z","reason":"a\nb"}""", "reason is 1 to")]
    [InlineData("""{"ca":"default","reason":"x"}""", "end is missing")]
    [InlineData("""{"ca":"default","start":"2030-01-02T00:00:00Z","end":"2030-01-02T00:00:00Z","reason":"x"}""", "end is missing or not after")]
    [InlineData("""{"ca":"default","end":"2030-01-02T00:00:00Z","reason":"x","explanation_url":"javascript:1"}""", "explanation_url")]
    [InlineData("""{"ca":"default","end":"tomorrow","reason":"x"}""", "the member end of the body is not of the kind that is expected")]
    [InlineData("""{"ca":"default","end":"2030-01-02T00:00:00Z","reason":"x","lable":"iot"}""", "the member lable of the body is not known here")]
    public async Task What_is_wrong_with_a_window_is_400_and_told(string body, string says)
    {
        var (status, answer, _) = await server.Kipuka.AdminAsync(HttpMethod.Post, "renewal-info", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(says, answer!.Value.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_needs_an_operator_and_is_described()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Kipuka.AdminAsync(HttpMethod.Post, "renewal-info", new { ca = "default", end = Soon, reason = "x" }, "wrong-token-of-some-length")).Status);
        var (_, api, _) = await server.Kipuka.AdminAsync(HttpMethod.Get, "openapi.json");
        var paths = api!.Value.GetProperty("paths");
        Assert.True(paths.GetProperty("/admin/renewal-info").TryGetProperty("post", out _));
        Assert.True(paths.GetProperty("/admin/renewal-info/{id}").TryGetProperty("delete", out _));
    }

    private async Task<DateTimeOffset> StartAsync(X509Certificate2 device)
        => RenewalInfo.Window(await server.Kipuka.SendAsync(HttpMethod.Get, RenewalInfo.Path(RenewalInfo.Id(device), null))).Start;

    private async Task<JsonElement> AddAsync(object body)
    {
        var (status, answer, text) = await server.Kipuka.AdminAsync(HttpMethod.Post, "renewal-info", body);
        Assert.True(status == HttpStatusCode.Created, text);
        return answer!.Value;
    }
}
