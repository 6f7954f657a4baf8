using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Kipuka.Interop;

/// <summary>
/// Tokens as attackers, strange clients and wrong clocks send them. Who looks for a reason in the journal has a server to himself: from one address it
/// records ten failures a minute, and counts the rest.
/// </summary>
public sealed class KerberosTokenTests(KerberosRealm realm) : IClassFixture<KerberosRealm>
{
    [Fact]
    public async Task A_token_that_was_used_is_401()
    {
        await using var server = await realm.ServeAsync(realm.Table());
        foreach (var token in new[] { await AliceAsync(), Spnego.Unwrap(await AliceAsync()) })
        {
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(server, token)).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(server, token)).Status);
            Assert.Equal("Request is a replay", Reason(server));
        }
    }

    [Fact]
    public async Task The_replay_cache_cannot_be_switched_off_by_the_environment()
    {
        await using var server = await realm.ServeAsync(realm.Table(), new Dictionary<string, string?> { ["KRB5RCACHETYPE"] = "none", ["KRB5RCACHENAME"] = "none:" });
        var token = await AliceAsync();
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(server, token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(server, token)).Status);
    }

    [Fact]
    public async Task A_replay_cache_that_cannot_be_written_is_503_and_not_the_clients_fault()
    {
        await using var server = await realm.ServeAsync(realm.Table(), new Dictionary<string, string?> { ["KRB5RCACHEDIR"] = "/nonexistent" });
        var answer = await SendAsync(server, await AliceAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Contains("rcache", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticket_for_another_service_is_401_also_where_the_keytab_has_its_key()
    {
        await using var server = await realm.ServeAsync(realm.Table());
        var token = await realm.Kdc.TokenAsync(await realm.Kdc.LogInAsync("alice@EST.TEST"), "other.est.test");
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(server, token)).Status);
        Assert.Contains("HTTP/other.est.test", Reason(server), StringComparison.Ordinal);

        await using var other = await realm.ServeAsync(realm.Table(service: "HTTP/other.est.test@EST.TEST"));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(other, token)).Status);
    }

    [Fact]
    public async Task A_clock_that_is_wrong_by_more_than_five_minutes_is_401_and_the_reason_names_it()
    {
        await using var server = await realm.ServeAsync(realm.Table());
        var alice = await realm.Kdc.LogInAsync("alice@EST.TEST");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(server, await realm.Kdc.TokenAsync(alice, clock: "+3m"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(server, await realm.Kdc.TokenAsync(alice, clock: "+8m"))).Status);
        Assert.Equal("Clock skew too great", Reason(server));
    }

    // A world eleven hours behind: its tickets last for ten.
    [Fact]
    public async Task An_expired_ticket_is_401()
    {
        await using var past = await Kdc.StartAsync("-11h");
        var keytab = await past.AddServicesAsync("HTTP/localhost");
        await past.AddAsync("alice@EST.TEST");
        await using var server = await realm.ServeAsync(realm.Table().Replace(realm.Keytab, keytab, StringComparison.Ordinal));
        var token = await past.TokenAsync(await past.LogInAsync("alice@EST.TEST"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(server, token)).Status);
        Assert.Equal("Ticket expired", Reason(server));
    }

    [Theory]
    [InlineData("")]
    [InlineData("%%%")]
    [InlineData("YIIC")]
    [InlineData("AAAAAAAAAAAAAAAA")]
    [InlineData("TlRMTVNTUAABAAAAB4IIogAAAAAAAAAAAAAAAAAAAAAKAGFKAAAADw==")]
    public async Task What_is_no_token_is_401(string value)
        => Assert.Equal(HttpStatusCode.Unauthorized, (await SendTextAsync(realm.Server, value)).Status);

    [Fact]
    public async Task A_token_cut_or_changed_anywhere_is_401()
    {
        await using var server = await realm.ServeAsync(realm.Table());
        var token = await AliceAsync();
        for (var at = 0; at < token.Length; at += 17)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(server, token[..at])).Status);
        }
        // The authenticator is at the end, the ticket in the middle; both are sealed.
        foreach (var at in new[] { token.Length - 1, token.Length / 2 })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(server, [.. token[..at], (byte)(token[at] ^ 1), .. token[(at + 1)..]])).Status);
        }
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(server, token)).Status);
    }

    // RFC 4178 section 4.2.1: Windows names its own number first, and NTLM last.
    [Fact]
    public async Task A_token_as_Windows_sends_it_is_taken()
    {
        var token = Spnego.Offer([Spnego.MicrosoftKerberos, Spnego.Kerberos, Spnego.Ntlm], Spnego.Unwrap(await AliceAsync()));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(realm.Server, token)).Status);
    }

    [Fact]
    public async Task An_offer_of_NTLM_alone_is_401()
    {
        var answer = await SendAsync(realm.Server, Spnego.Offer([Spnego.Ntlm], Encoding.ASCII.GetBytes("NTLMSSP\0\x01\0\0\0")));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal(["Negotiate", "Basic realm=\"est\""], answer.Headers.WwwAuthenticate.Select(challenge => challenge.ToString()));
    }

    // RFC 4559 section 5: a 401 with a token asks for the next one, on the same connection.
    [Fact]
    public async Task A_negotiation_in_two_steps_is_finished_on_its_connection()
    {
        using var client = realm.Server.Client();
        await BeginAsync(client);
        var second = await SendAsync(client, Spnego.Reply(Spnego.Unwrap(await AliceAsync())));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Fact]
    public async Task The_second_step_on_another_connection_is_401()
    {
        using var client = realm.Server.Client();
        await BeginAsync(client);
        using var other = realm.Server.Client();
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(other, Spnego.Reply(Spnego.Unwrap(await AliceAsync())))).StatusCode);
    }

    [Fact]
    public async Task An_exchange_that_is_over_leaves_nothing_on_its_connection()
    {
        using var client = realm.Server.Client();
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(client, await AliceAsync())).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(client, Spnego.Reply(Spnego.Unwrap(await AliceAsync())))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(client, await AliceAsync())).StatusCode);
    }

    private async Task BeginAsync(HttpClient client)
    {
        var first = await SendAsync(client, Spnego.Offer([Spnego.Kerberos]));
        Assert.Equal(HttpStatusCode.Unauthorized, first.StatusCode);
        var challenge = Assert.Single(first.Headers.WwwAuthenticate);
        Assert.Equal("Negotiate", challenge.Scheme);
        Assert.NotEmpty(Convert.FromBase64String(challenge.Parameter!));
    }

    private static Task<EstAnswer> SendAsync(KipukaServer server, byte[] token) => SendTextAsync(server, Convert.ToBase64String(token));

    private static async Task<EstAnswer> SendTextAsync(KipukaServer server, string token)
    {
        using var csr = new Csr("CN=x");
        return await server.SendAsync(
            HttpMethod.Post, "simpleenroll", csr.Base64, "application/pkcs10",
            change: request => request.Headers.TryAddWithoutValidation("Authorization", $"Negotiate {token}"));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpClient client, byte[] token)
    {
        using var csr = new Csr("CN=x");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{realm.Server.Url}/simpleenroll");
        request.Content = new StringContent(csr.Base64, new MediaTypeHeaderValue("application/pkcs10"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Negotiate", Convert.ToBase64String(token));
        return await client.SendAsync(request);
    }

    private static string Reason(KipukaServer server) => KerberosRealm.Journal(server, "auth.gssapi.failure")[^1]["reason"];

    private async Task<byte[]> AliceAsync() => await realm.Kdc.TokenAsync(await realm.Kdc.LogInAsync("alice@EST.TEST"));
}
