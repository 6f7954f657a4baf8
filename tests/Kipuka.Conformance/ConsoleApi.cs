using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Kipuka.Conformance;

/// <summary>What the console is made of: its files, who is signed in, figures over time and labels.</summary>
public sealed class ConsoleApi(ConsoleApi.Server server) : IClassFixture<ConsoleApi.Server>
{
    public sealed class Server : EstServer
    {
        public TestAuthority Operators { get; } = new("Operators CA");

        protected override ServerSetup Setup => new()
        {
            Files = new Dictionary<string, string> { ["operators.pem"] = Operators.CertificatePem },
            More = """
                [[est.label]]
                name = "narrow"
                ca_id = "default"
                allowed_key_types = ["ECDSA_P256"]
                max_validity_days = 30
                subject_pattern = "^CN=n-[0-9]+$"
                require_san = false
                [admin.client_auth]
                mode = "optional"
                trust_anchors = ["operators.pem"]
                """,
        };
    }

    private KipukaServer Kipuka => server.Kipuka;

    [Fact]
    public async Task The_files_need_no_credential_are_checked_by_ETag_and_allow_nothing_from_elsewhere()
    {
        using var page = await AskAsync(HttpMethod.Get, "/console/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType!.ToString());
        Assert.Equal("nosniff", Header(page, "X-Content-Type-Options"));
        Assert.Equal("no-cache", page.Headers.CacheControl!.ToString());
        var policy = Header(page, "Content-Security-Policy");
        Assert.StartsWith(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
            policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);

        using var again = await AskAsync(HttpMethod.Get, "/console/", request => request.Headers.IfNoneMatch.Add(page.Headers.ETag!));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(policy, Header(again, "Content-Security-Policy"));
        using var changed = await AskAsync(HttpMethod.Get, "/console/", request => request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"other\"")));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        using var head = await AskAsync(HttpMethod.Head, "/console/app.js");
        Assert.Equal("text/javascript; charset=utf-8", head.Content.Headers.ContentType!.ToString());
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/console/nothing.js")]
    [InlineData("/console/../admin/ca")]
    [InlineData("/console/%2e%2e/kipuka.toml")]
    [InlineData("/console/pages")]
    [InlineData("/console/pages/")]
    [InlineData("/consoles")]
    public async Task Nothing_else_is_below_the_console(string path)
    {
        using var answer = await AskAsync(HttpMethod.Get, path);
        Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest, $"{answer.StatusCode}");
    }

    [Fact]
    public async Task The_folder_leads_to_its_page_and_only_reading_is_allowed()
    {
        using var folder = await AskAsync(HttpMethod.Get, "/console");
        Assert.Equal(HttpStatusCode.PermanentRedirect, folder.StatusCode);
        Assert.Equal("/console/", folder.Headers.Location!.ToString());
        using var post = await AskAsync(HttpMethod.Post, "/console/");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Contains("GET", post.Content.Headers.Allow);
        using var est = Kipuka.Client();
        Assert.Equal(HttpStatusCode.NotFound, (await est.GetAsync($"https://localhost:{Kipuka.Port}/console/")).StatusCode);
    }

    [Fact]
    public async Task Whoami_names_the_operator_and_refuses_only_a_token_that_is_wrong()
    {
        using var alice = server.Operators.Issue("CN=alice", usages: ["1.3.6.1.5.5.7.3.2"]);
        using var mallory = Kipuka.Authority.Issue("CN=mallory", usages: ["1.3.6.1.5.5.7.3.2"]);
        var nobody = await WhoAsync(null);
        Assert.Equal(JsonValueKind.Null, nobody.GetProperty("operator").ValueKind);
        Assert.True(nobody.GetProperty("takes_tokens").GetBoolean());
        Assert.True(nobody.GetProperty("takes_certificates").GetBoolean());
        Assert.False(nobody.GetProperty("certificate_presented").GetBoolean());
        Assert.Equal("tests", (await WhoAsync(Kipuka.AdminToken)).GetProperty("operator").GetString());
        var certified = await WhoAsync(null, alice);
        Assert.Equal("CN=alice", certified.GetProperty("operator").GetString());
        Assert.Equal("mtls", certified.GetProperty("method").GetString());
        var stranger = await WhoAsync(null, mallory);
        Assert.Equal(JsonValueKind.Null, stranger.GetProperty("operator").ValueKind);
        Assert.True(stranger.GetProperty("certificate_presented").GetBoolean());
        using var wrong = await AskAsync(HttpMethod.Get, "/admin/whoami", request => request.Headers.Authorization = new("Bearer", "wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
    }

    [Fact]
    public async Task Signing_in_and_out_is_recorded_and_asking_who_one_is_locks_nobody_out()
    {
        for (var i = 0; i < 25; i++)
        {
            await WhoAsync(null);
        }
        Assert.Equal(HttpStatusCode.OK, (await Kipuka.AdminAsync(HttpMethod.Post, "login")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await Kipuka.AdminAsync(HttpMethod.Post, "logout")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Kipuka.AdminAsync(HttpMethod.Post, "login", token: "guess")).Status);
        var records = (await GetAsync("audit?action=admin.login,admin.logout&per_page=3")).GetProperty("events").EnumerateArray()
            .Select(record => $"{record.GetProperty("event_type")} {record.GetProperty("outcome")} {record.GetProperty("niap")} {record.GetProperty("actor")}");
        Assert.Equal(["admin.login failure AdminLogin ", "admin.logout success AdminLogout bearer:tests", "admin.login success AdminLogin bearer:tests"], records);
    }

    [Fact]
    public async Task Stats_count_what_was_issued_refused_and_failed_by_bucket_and_label()
    {
        var before = await GetAsync("stats?bucket=1h");
        using (var fine = await Kipuka.EnrollDeviceAsync("CN=n-1", path: "narrow/simpleenroll"))
        using (var refused = new Csr("CN=other"))
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await Kipuka.EnrollAsync(refused, await Kipuka.CreatePasswordAsync(), path: "narrow/simpleenroll")).Status);
        }
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await Kipuka.SendAsync(HttpMethod.Post, "simpleenroll", "AAAA", "application/pkcs10", await Kipuka.CreatePasswordAsync())).Status);
        var after = await GetAsync("stats?bucket=1h");
        foreach (var member in new[] { "issued", "refused", "failed" })
        {
            Assert.Equal(Total(before, member) + 1, Total(after, member));
            Assert.Equal(Total(after, member), after.GetProperty("buckets").EnumerateArray().Sum(bucket => bucket.GetProperty("count").GetProperty(member).GetInt64()));
        }
        var narrow = after.GetProperty("labels").EnumerateArray().Single(label => label.GetProperty("label").GetString() == "narrow").GetProperty("count");
        Assert.Equal((1, 1, 0), (narrow.GetProperty("issued").GetInt32(), narrow.GetProperty("refused").GetInt32(), narrow.GetProperty("failed").GetInt32()));
        Assert.Equal("default", after.GetProperty("cas").EnumerateArray().Single().GetProperty("ca_id").GetString());
        Assert.Equal(3600, after.GetProperty("bucket_seconds").GetInt32());
        // Buckets are whole hours of UTC, without a gap.
        var starts = after.GetProperty("buckets").EnumerateArray().Select(bucket => bucket.GetProperty("start").GetDateTimeOffset()).ToList();
        Assert.All(starts, start => Assert.Equal(0, start.UtcTicks % TimeSpan.TicksPerHour));
        Assert.InRange(starts.Count, 24, 25);
        Assert.All(starts.Zip(starts.Skip(1)), pair => Assert.Equal(TimeSpan.FromHours(1), pair.Second - pair.First));
        // What lies outside is not counted.
        var old = await GetAsync("stats?from=2026-01-01&to=2026-01-02&bucket=3600");
        Assert.Equal(0, Total(old, "issued"));
        Assert.Equal(24, old.GetProperty("buckets").GetArrayLength());
    }

    [Theory]
    [InlineData("from=2026-01-01&to=2027-06-01", "366 days")]
    [InlineData("from=2026-02-01&to=2026-01-01", "before to")]
    [InlineData("from=2026-01-01&to=2026-01-03&bucket=1m", "1000 are the most")]
    [InlineData("bucket=1s", "at least a minute")]
    [InlineData("bucket=often", "at least a minute")]
    [InlineData("from=yesterday", "ISO 8601")]
    [InlineData("to=0001-01-01", "ISO 8601")]
    [InlineData("since=1", "unknown")]
    public async Task Stats_refuse_what_they_cannot_count(string query, string why)
    {
        var (status, body, _) = await Kipuka.AdminAsync(HttpMethod.Get, $"stats?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(why, body!.Value.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_say_what_policy_allows_in_values_and_in_words()
    {
        var labels = (await GetAsync("labels")).GetProperty("labels").EnumerateArray().ToList();
        Assert.Equal([null, "narrow"], labels.Select(label => label.GetProperty("name").GetString()));
        var narrow = labels[1];
        Assert.Equal("/.well-known/est/narrow", narrow.GetProperty("path").GetString());
        Assert.Equal("default", narrow.GetProperty("ca_id").GetString());
        Assert.Equal(["mtls", "otp"], narrow.GetProperty("auth").EnumerateArray().Select(method => method.GetString()));
        var policy = narrow.GetProperty("policy");
        Assert.Equal(["ecdsa-p256"], policy.GetProperty("key_types").EnumerateArray().Select(type => type.GetString()));
        Assert.Equal(30, policy.GetProperty("validity_days").GetInt32());
        Assert.Equal(30, policy.GetProperty("max_validity_days").GetInt32());
        Assert.Equal(398, labels[0].GetProperty("policy").GetProperty("max_validity_days").GetInt32());
        Assert.Equal(["serverAuth", "clientAuth"], policy.GetProperty("ext_key_usages").EnumerateArray().Select(usage => usage.GetString()));
        Assert.Contains("The subject has to match ^CN=n-[0-9]+$.", narrow.GetProperty("rules").EnumerateArray().Select(rule => rule.GetString()));
        // What it says is what holds.
        using var device = await Kipuka.EnrollDeviceAsync("CN=n-2", path: "narrow/simpleenroll");
        Assert.InRange((device.NotAfter - device.NotBefore).TotalDays, 29.9, 30);
    }

    [Fact]
    public async Task The_OpenAPI_document_has_them()
    {
        var paths = (await GetAsync("openapi.json")).GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        Assert.Empty(new[] { "stats", "labels", "whoami", "login", "logout" }.Select(path => $"/admin/{path}").Except(paths));
    }

    private static long Total(JsonElement stats, string member) => stats.GetProperty("totals").GetProperty(member).GetInt64();

    private static string Header(HttpResponseMessage answer, string name) => string.Join(", ", answer.Headers.GetValues(name));

    private async Task<JsonElement> GetAsync(string path)
    {
        var (status, body, text) = await Kipuka.AdminAsync(HttpMethod.Get, path);
        Assert.True(status == HttpStatusCode.OK, $"{status} {text}");
        return body!.Value;
    }

    private async Task<JsonElement> WhoAsync(string? token, System.Security.Cryptography.X509Certificates.X509Certificate2? certificate = null)
    {
        using var client = Kipuka.Client(certificate);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://localhost:{Kipuka.AdminPort}/admin/whoami");
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, Action<HttpRequestMessage>? change = null)
    {
        using var client = Kipuka.Client();
        using var request = new HttpRequestMessage(method, new Uri($"https://localhost:{Kipuka.AdminPort}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        change?.Invoke(request);
        return await client.SendAsync(request);
    }
}
