using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Kipuka.Interop;

/// <summary>RFC 4559 with curl, MIT's KDC and its tickets: who is let in, and what the certificate says.</summary>
public sealed class KerberosTests(KerberosRealm realm) : IClassFixture<KerberosRealm>, IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Rulings 18 and 32: the mapping always sets the subject.
    [Fact]
    public async Task A_ticket_gives_the_mapped_subject_whatever_the_request_asks_for()
    {
        var answer = await CurlAsync(await realm.Kdc.LogInAsync("alice@EST.TEST"), realm.Server, "CN=root,O=Somebody Else");
        Assert.Equal(200, answer.Status);
        using var certificate = answer.Certificate;
        Assert.Equal("CN=Alice, OU=People, DC=est, DC=test", certificate.Subject);
        var issued = KerberosRealm.Journal(realm.Server, "cert.issued")[^1];
        Assert.Equal("gssapi:alice@EST.TEST", issued["actor"]);
        Assert.Equal("O=Somebody Else,CN=root", issued["dropped_subject"]);
        Assert.Equal("gssapi:alice@EST.TEST", KerberosRealm.Journal(realm.Server, "auth.gssapi.success")[^1]["actor"]);
    }

    // RFC 4559 section 5: the final response carries the server's own proof.
    [Fact]
    public async Task The_server_proves_itself_to_the_client()
    {
        var answer = await CurlAsync(await realm.Kdc.LogInAsync("alice@EST.TEST"), realm.Server);
        Assert.Matches("(?im)^WWW-Authenticate: Negotiate [A-Za-z0-9+/=]{20,}\r?$", answer.Headers);
    }

    // RFC 4559 section 6: nobody is trusted for the connection they come on, so the second request has a token of its own.
    [Fact]
    public async Task Two_requests_on_one_connection_are_both_served()
    {
        var alice = await realm.Kdc.LogInAsync("alice@EST.TEST");
        using var csr = new Csr("CN=x");
        await File.WriteAllTextAsync(_folder["request.csr"], csr.Base64);
        var url = $"{realm.Server.Url}/simpleenroll";
        var result = await Peer.TryAsync(
            alice, "curl", "-s", "--negotiate", "-u", ":", "--cacert", realm.Server.CaFile, "-H", "Content-Type: application/pkcs10", "--data-binary",
            $"@{_folder["request.csr"]}", "-w", "[%{http_code} %{num_connects}]", "-o", "/dev/null", "-o", "/dev/null", url, url);
        Assert.Equal("[200 1][200 0]", result.Output);
    }

    [Fact]
    public async Task Without_a_ticket_the_answer_is_401_and_offers_Negotiate()
    {
        using var csr = new Csr("CN=x");
        var answer = await realm.Server.EnrollAsync(csr);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal(["Negotiate", "Basic realm=\"est\""], answer.Headers.WwwAuthenticate.Select(challenge => challenge.ToString()));
    }

    [Fact]
    public async Task A_one_time_password_still_does_beside_it()
    {
        using var csr = new Csr("CN=by-password");
        Assert.Equal("CN=by-password", (await realm.Server.EnrollAsync(csr, await realm.Server.CreatePasswordAsync())).Certificate.Subject);
    }

    [Fact]
    public async Task A_principal_that_is_not_mapped_is_403_and_the_reason_says_so()
    {
        var answer = await CurlAsync(await realm.Kdc.LogInAsync("carol@EST.TEST"), realm.Server);
        Assert.Equal((403, "not-authorized: principal not mapped: carol@EST.TEST\n"), (answer.Status, answer.Body));
    }

    [Theory]
    [InlineData("default_template = \"CN={principal},OU=Users,DC=example,DC=com\"", "")]
    [InlineData("", "[gssapi.principal_mapping]\ndefault_template = \"CN={principal},OU=Users,DC=example,DC=com\"")]
    public async Task A_default_template_admits_everybody_else_of_the_realm(string inTable, string inMapping)
    {
        await using var server = await realm.ServeAsync(realm.Table(inTable, inMapping));
        var answer = await CurlAsync(await realm.Kdc.LogInAsync("carol@EST.TEST"), server);
        using var certificate = answer.Certificate;
        Assert.Equal("CN=carol@EST.TEST, OU=Users, DC=example, DC=com", certificate.Subject);
    }

    [Theory]
    [InlineData("a,O=Evil+OU=b@EST.TEST")]
    [InlineData("q\"CN=x@EST.TEST")]
    [InlineData("größe ☃@EST.TEST")]
    public async Task A_principal_is_one_value_whatever_it_contains(string principal)
    {
        await realm.Kdc.AddAsync(principal);
        await using var server = await realm.ServeAsync(realm.Table("default_template = \"CN={principal},DC=example\"", ""));
        using var certificate = (await CurlAsync(await realm.Kdc.LogInAsync(principal), server)).Certificate;
        var names = certificate.SubjectName.EnumerateRelativeDistinguishedNames().Select(rdn => (rdn.GetSingleElementType().Value, rdn.GetSingleElementValue()));
        Assert.Equal([("2.5.4.3", principal), ("0.9.2342.19200300.100.1.25", "example")], names);
    }

    [Fact]
    public async Task A_realm_that_is_not_allowed_is_403_even_where_the_principal_is_mapped()
    {
        var bob = await realm.Kdc.LogInAsync("bob@PARTNER.TEST");
        var refused = await CurlAsync(bob, realm.Server);
        Assert.Equal((403, "not-authorized: the realm PARTNER.TEST is not allowed (allowed_realms)\n"), (refused.Status, refused.Body));

        await using var open = await realm.ServeAsync(realm.Table("allowed_realms = [\"EST.TEST\", \"PARTNER.TEST\"]"));
        using var certificate = (await CurlAsync(bob, open)).Certificate;
        Assert.Equal("CN=Bob, OU=Partners, DC=est, DC=test", certificate.Subject);
    }

    [Fact]
    public async Task Renewal_takes_the_certificate_and_not_a_ticket()
    {
        var answer = await CurlAsync(await realm.Kdc.LogInAsync("alice@EST.TEST"), realm.Server, path: "simplereenroll");
        Assert.Equal(401, answer.Status);
    }

    // Ruling 55: each event is in the database, in the file and at the syslog server.
    [Fact]
    public async Task The_events_are_in_the_journal_the_file_and_rsyslogs_file()
    {
        await using var log = await Rsyslog.RunAsync();
        await using var server = await realm.ServeAsync($"[audit]\nfile = \"audit.jsonl\"\nsyslog = \"udp://127.0.0.1:{log.Port}\"\n{realm.Table()}");
        Assert.Equal(200, (await CurlAsync(await realm.Kdc.LogInAsync("alice@EST.TEST"), server)).Status);
        Assert.Equal(403, (await CurlAsync(await realm.Kdc.LogInAsync("carol@EST.TEST"), server)).Status);
        string[] names = ["auth.gssapi.success", "auth.gssapi.failure"];
        var file = Path.Combine(server.Folder, "audit.jsonl");
        await log.HasAsync(messages => names.All(name => messages.Any(message => NameOf(message) == name)));
        await Rsyslog.UntilAsync(
            async () => (await File.ReadAllLinesAsync(file)).Count(line => line.Contains("\"auth.gssapi.", StringComparison.Ordinal)) == names.Length,
            () => $"the file has not got all of them: {server.Log}");
        var lines = (await File.ReadAllLinesAsync(file)).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        foreach (var name in names)
        {
            var actor = Assert.Single(KerberosRealm.Journal(server, name))["actor"];
            Assert.Equal(name == names[0] ? "gssapi:alice@EST.TEST" : "", actor);
            Assert.Equal(actor, ActorOf(Assert.Single(lines, line => line.GetProperty("event_type").GetString() == name)));
            Assert.Equal(actor, ActorOf(Rsyslog.Data(Assert.Single(log.Messages, message => NameOf(message) == name))));
        }

        static string? NameOf(JsonElement message) => Rsyslog.Data(message).GetProperty("event_type").GetString();

        static string ActorOf(JsonElement record) => record.TryGetProperty("actor", out var who) ? who.GetString() ?? "" : "";
    }

    private async Task<CurlAnswer> CurlAsync(Dictionary<string, string?> who, KipukaServer server, string subject = "CN=x", string path = "simpleenroll")
    {
        using var csr = new Csr(subject);
        await File.WriteAllTextAsync(_folder["request.csr"], csr.Base64);
        var result = await Peer.TryAsync(
            who, "curl", "-s", "--negotiate", "-u", ":", "--cacert", server.CaFile, "-H", "Content-Type: application/pkcs10", "--data-binary",
            $"@{_folder["request.csr"]}", "-D", _folder["headers"], "-o", _folder["body"], "-w", "%{http_code}", $"{server.Url}/{path}");
        return new CurlAnswer(int.Parse(result.Output), await File.ReadAllTextAsync(_folder["headers"]), await File.ReadAllTextAsync(_folder["body"]));
    }

    private sealed record CurlAnswer(int Status, string Headers, string Body)
    {
        public X509Certificate2 Certificate
        {
            get
            {
                Assert.True(Status == 200, $"{Status} {Body}");
                return new EstAnswer(HttpStatusCode.OK, null!, null!, System.Text.Encoding.ASCII.GetBytes(Body)).Certificate;
            }
        }
    }
}
