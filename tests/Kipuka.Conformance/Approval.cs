using System.Net;
using System.Text.Json;

namespace Kipuka.Conformance;

/// <summary>RFC 7030 section 4.2.3 with ruling 45: an operator decides, the client asks again, and gets its certificate exactly once.</summary>
public sealed class Approval(Approval.Server server) : IClassFixture<Approval.Server>
{
    public sealed class Server : EstServer
    {
        protected override ServerSetup Setup => new()
        {
            Est = "retry_after = 17",
            More = """
                [[est.label]]
                name = "watched"
                ca_id = "default"
                require_san = false
                approval = "manual"
                accept_labels = ["open"]
                [[est.label]]
                name = "open"
                ca_id = "default"
                require_san = false
                [[est.label]]
                name = "narrow"
                ca_id = "default"
                require_san = false
                approval = "manual"
                subject_pattern = "^CN=dev-"
                """,
        };
    }

    [Fact]
    [Requirement("RFC 7030", "4.2.3", Level.Must, "What is not decided yet is 202 with Retry-After, and the same request again gets the certificate.")]
    public async Task A_request_waits_with_202_Retry_After_and_no_body_until_an_operator_approves()
    {
        using var csr = new Csr("CN=patient", ["patient.example"]);
        var password = await server.Kipuka.CreatePasswordAsync();
        for (var i = 0; i < 2; i++)
        {
            var waiting = await server.Kipuka.EnrollAsync(csr, password, path: "watched/simpleenroll");
            Assert.Equal(HttpStatusCode.Accepted, waiting.Status);
            Assert.Equal(TimeSpan.FromSeconds(17), waiting.Headers.RetryAfter!.Delta);
            Assert.Equal(0, waiting.ContentHeaders.ContentLength);
        }

        var request = Assert.Single(await PendingAsync("patient"));
        Assert.Equal("pending", Text(request, "status"));
        Assert.Equal("DNS:patient.example", request.GetProperty("subject_alt_names")[0].GetString());
        Assert.Equal("watched", Text(request, "label"));
        Assert.Equal("approved", Text(await DecideAsync(request, "approve"), "status"));

        var first = await server.Kipuka.EnrollAsync(csr, password, path: "watched/simpleenroll");
        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Contains("patient", first.Certificate.Subject, StringComparison.Ordinal);
        // Exactly once: the request is over, and its password spent.
        await Delivery.WaitAsync(server.Kipuka, first.Certificate.Subject);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Kipuka.EnrollAsync(csr, password, path: "watched/simpleenroll")).Status);
        Assert.Equal("issued", Text((await ShowAsync(request)).GetProperty("request"), "status"));
        Assert.Empty(await PendingAsync("patient"));
    }

    [Fact]
    public async Task Where_the_label_does_not_ask_for_approval_the_same_request_is_answered_at_once()
    {
        using var csr = new Csr("CN=patient-twin");
        Assert.Equal(HttpStatusCode.OK, (await server.EnrollAsync(csr, "open/simpleenroll")).Status);
        using var other = new Csr("CN=patient-twin");
        Assert.Equal(HttpStatusCode.Accepted, (await server.Kipuka.EnrollAsync(other, await server.Kipuka.CreatePasswordAsync(), path: "watched/simpleenroll")).Status);
    }

    [Fact]
    public async Task A_rejected_request_is_403_with_the_reason_and_its_password_is_given_back()
    {
        using var csr = new Csr("CN=unwanted");
        var password = await server.Kipuka.CreatePasswordAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await server.Kipuka.EnrollAsync(csr, password, path: "watched/simpleenroll")).Status);
        // While it waits its use is taken.
        using var other = new Csr("CN=unwanted-too");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Kipuka.EnrollAsync(other, password, path: "open/simpleenroll")).Status);

        var request = Assert.Single(await PendingAsync("unwanted"));
        var (status, _, _) = await server.Kipuka.AdminAsync(HttpMethod.Post, $"requests/{Text(request, "id")}/reject", new { });
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("rejected", Text(await DecideAsync(request, "reject", new { reason = "not in the inventory" }), "status"));

        var refused = await server.Kipuka.EnrollAsync(csr, password, path: "watched/simpleenroll");
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("not in the inventory", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.EnrollAsync(other, password, path: "open/simpleenroll")).Status);
    }

    [Fact]
    public async Task What_policy_refuses_never_reaches_an_operator()
    {
        using var wrong = new Csr("CN=else");
        Assert.Equal(HttpStatusCode.BadRequest, (await server.EnrollAsync(wrong, "narrow/simpleenroll")).Status);
        Assert.Empty(await PendingAsync("else"));
        using var right = new Csr("CN=dev-1");
        Assert.Equal(HttpStatusCode.Accepted, (await server.Kipuka.EnrollAsync(right, await server.Kipuka.CreatePasswordAsync(), path: "narrow/simpleenroll")).Status);
        Assert.Single(await PendingAsync("dev-1"));
    }

    [Fact]
    public async Task A_password_has_one_request_open_and_a_certificate_five()
    {
        var password = await server.Kipuka.CreatePasswordAsync(maxUses: 100);
        await WaitsAsync("CN=one-1", password, HttpStatusCode.Accepted);
        await WaitsAsync("CN=one-2", password, HttpStatusCode.Forbidden);

        using var renewer = await server.Kipuka.EnrollDeviceAsync("CN=five", path: "open/simpleenroll");
        for (var i = 0; i < 5; i++)
        {
            await RenewsAsync(renewer, HttpStatusCode.Accepted);
        }
        await RenewsAsync(renewer, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_decision_is_made_once_and_an_unknown_request_is_404()
    {
        using var csr = new Csr("CN=decided");
        await server.Kipuka.EnrollAsync(csr, await server.Kipuka.CreatePasswordAsync(), path: "watched/simpleenroll");
        var request = Assert.Single(await PendingAsync("decided"));
        await DecideAsync(request, "approve");
        Assert.Equal(HttpStatusCode.Conflict, (await server.Kipuka.AdminAsync(HttpMethod.Post, $"requests/{Text(request, "id")}/reject", new { reason = "late" })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Kipuka.AdminAsync(HttpMethod.Post, $"requests/{Guid.NewGuid()}/approve")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Kipuka.AdminAsync(HttpMethod.Get, "requests/nonsense")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Kipuka.AdminAsync(HttpMethod.Get, "requests?status=some")).Status);
    }

    [Fact]
    public async Task Requests_and_decisions_survive_a_killed_server()
    {
        await using var own = await KipukaServer.StartAsync(new ServerSetup
        {
            More = "[[est.label]]\nname = \"watched\"\nca_id = \"default\"\nrequire_san = false\napproval = \"manual\"\n",
        });
        var password = await own.CreatePasswordAsync();
        using var csr = new Csr("CN=survivor");
        Assert.Equal(HttpStatusCode.Accepted, (await own.EnrollAsync(csr, password, path: "watched/simpleenroll")).Status);
        await own.KillAsync();
        await own.StartProcessAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await own.EnrollAsync(csr, password, path: "watched/simpleenroll")).Status);
        var (_, list, _) = await own.AdminAsync(HttpMethod.Get, "requests");
        var id = Text(Assert.Single(list!.Value.GetProperty("requests").EnumerateArray()), "id");
        Assert.Equal(HttpStatusCode.OK, (await own.AdminAsync(HttpMethod.Post, $"requests/{id}/approve")).Status);
        await own.KillAsync();
        await own.StartProcessAsync();
        Assert.Equal(HttpStatusCode.OK, (await own.EnrollAsync(csr, password, path: "watched/simpleenroll")).Status);
    }

    [Fact]
    public async Task Nobody_decides_about_a_request_of_their_own()
    {
        using var authority = new TestAuthority("Operators");
        using var clerk = authority.Issue("CN=clerk", [], ["1.3.6.1.5.5.7.3.2"]);
        using var chief = authority.Issue("CN=chief", [], ["1.3.6.1.5.5.7.3.2"]);
        await using var own = await KipukaServer.StartAsync(new ServerSetup
        {
            ClientAuth = "[tls.client_auth]\nmode = \"optional\"\ntrust_anchors = [\"operators.pem\"]\n",
            Admin = "trust_anchors = [\"operators.pem\"]\nauth = \"both\"",
            Files = new Dictionary<string, string> { ["operators.pem"] = authority.CertificatePem },
            More = "[[est.label]]\nname = \"watched\"\nca_id = \"default\"\nrequire_san = false\napproval = \"manual\"\n",
        });
        using var csr = new Csr("CN=mine");
        Assert.Equal(HttpStatusCode.Accepted, (await own.EnrollAsync(csr, null, clerk, "watched/simpleenroll")).Status);
        var (_, list, _) = await own.AdminAsync(HttpMethod.Get, "requests");
        var id = Text(Assert.Single(list!.Value.GetProperty("requests").EnumerateArray()), "id");
        Assert.Equal(HttpStatusCode.Forbidden, await ApproveAsync(own, clerk, id));
        Assert.Equal(HttpStatusCode.OK, await ApproveAsync(own, chief, id));
    }

    private static async Task<HttpStatusCode> ApproveAsync(KipukaServer server, System.Security.Cryptography.X509Certificates.X509Certificate2 who, string id)
    {
        using var client = server.Client(who);
        using var answer = await client.PostAsync(new Uri($"https://localhost:{server.AdminPort}/admin/requests/{id}/approve"), null);
        return answer.StatusCode;
    }

    private async Task WaitsAsync(string subject, string password, HttpStatusCode expected)
    {
        using var csr = new Csr(subject);
        Assert.Equal(expected, (await server.Kipuka.EnrollAsync(csr, password, path: "watched/simpleenroll")).Status);
    }

    private async Task RenewsAsync(System.Security.Cryptography.X509Certificates.X509Certificate2 device, HttpStatusCode expected)
    {
        using var csr = new Csr("CN=five");
        Assert.Equal(expected, (await server.Kipuka.EnrollAsync(csr, null, device, "watched/simpleenroll")).Status);
    }

    private async Task<List<JsonElement>> PendingAsync(string name)
    {
        var (status, body, text) = await server.Kipuka.AdminAsync(HttpMethod.Get, "requests?per_page=1000");
        Assert.True(status == HttpStatusCode.OK, text);
        return [.. body!.Value.GetProperty("requests").EnumerateArray().Where(request => Text(request, "subject") == $"CN={name}")];
    }

    private async Task<JsonElement> DecideAsync(JsonElement request, string word, object? body = null)
    {
        var (status, answer, text) = await server.Kipuka.AdminAsync(HttpMethod.Post, $"requests/{Text(request, "id")}/{word}", body);
        Assert.True(status == HttpStatusCode.OK, text);
        return answer!.Value;
    }

    private async Task<JsonElement> ShowAsync(JsonElement request)
        => (await server.Kipuka.AdminAsync(HttpMethod.Get, $"requests/{Text(request, "id")}")).Body!.Value;

    private static string Text(JsonElement value, string name) => value.GetProperty(name).GetString()!;
}
