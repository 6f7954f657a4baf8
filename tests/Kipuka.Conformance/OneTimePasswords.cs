using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Kipuka.Conformance;

/// <summary>Rulings 46 to 49: a password buys what was promised, once, and guessing ends in a lockout.</summary>
public sealed class OneTimePasswords(OneTimePasswords.Server server) : IClassFixture<OneTimePasswords.Server>
{
    public sealed class Server : EstServer
    {
        protected override ServerSetup Setup => new()
        {
            Otp = "[otp]\nenabled = true\nhash_algorithm = \"sha256-hmac\"\nmax_failures_per_address = 1000\n",
            More = "[[est.label]]\nname = \"a\"\nca_id = \"default\"\nrequire_san = false\n[[est.label]]\nname = \"b\"\nca_id = \"default\"\nrequire_san = false\n",
        };
    }

    [Fact]
    [Requirement("RFC 7030", "3.2.3", Level.May, "Clients may authenticate over HTTP, inside TLS.")]
    public async Task A_password_is_good_once()
    {
        var password = await server.Kipuka.CreatePasswordAsync();
        Assert.Equal(HttpStatusCode.OK, await TryAsync(password));
        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(password));
    }

    [Fact]
    public async Task A_spent_password_is_401_with_the_same_request_too()
    {
        var password = await server.Kipuka.CreatePasswordAsync();
        using var csr = new Csr("CN=again");
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.EnrollAsync(csr, password)).Status);
        await Delivery.WaitAsync(server.Kipuka, "CN=again");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Kipuka.EnrollAsync(csr, password)).Status);
    }

    [Fact]
    public async Task A_refused_request_leaves_the_password_usable()
    {
        var password = await server.Kipuka.CreatePasswordAsync();
        using var refused = new Csr("CN=weak", key: System.Security.Cryptography.RSA.Create(1024));
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Kipuka.EnrollAsync(refused, password)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Kipuka.SendAsync(HttpMethod.Post, "simpleenroll", "*", "application/pkcs10", password)).Status);
        Assert.Equal(HttpStatusCode.OK, await TryAsync(password));
    }

    [Fact]
    public async Task Fifty_parallel_tries_with_one_password_give_one_certificate()
    {
        var password = await server.Kipuka.CreatePasswordAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => TryAsync(password, $"CN=parallel-{i}")));
        Assert.Single(answers, status => status == HttpStatusCode.OK);
        Assert.All(answers.Where(status => status != HttpStatusCode.OK), status => Assert.True(status is HttpStatusCode.Unauthorized or HttpStatusCode.ServiceUnavailable, $"{status}"));
        var (_, list, _) = await server.Kipuka.AdminAsync(HttpMethod.Get, "certs?subject=" + "CN%3Dparallel-" + "&per_page=100");
        var issued = list!.Value.GetProperty("certificates").EnumerateArray().Count(entry => entry.GetProperty("subject").GetString()!.StartsWith("CN=parallel-", StringComparison.Ordinal));
        Assert.Equal(1, issued);
    }

    [Fact]
    public async Task max_uses_bounds_parallel_requests_as_well()
    {
        var password = await server.Kipuka.CreatePasswordAsync(maxUses: 5);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => TryAsync(password, $"CN=five-{i}")));
        Assert.Equal(5, answers.Count(status => status == HttpStatusCode.OK));
    }

    [Fact]
    [Requirement("NIAP CA PP", "FIA_AFL.1", Level.Must, "Repeated failures of authentication lock out, and are recorded.")]
    public async Task Five_wrong_secrets_lock_a_token_and_the_answer_says_for_how_long()
    {
        var password = await server.Kipuka.CreatePasswordAsync();
        var wrong = password[..^1] + (password[^1] == 'x' ? 'y' : 'x');
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(wrong));
        }
        using var csr = new Csr("CN=locked");
        var locked = await server.Kipuka.EnrollAsync(csr, password);
        Assert.Equal(HttpStatusCode.Forbidden, locked.Status);
        Assert.InRange(int.Parse(locked.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture), 1700, 1800);
        Assert.Equal(HttpStatusCode.OK, await TryAsync(await server.Kipuka.CreatePasswordAsync()));
    }

    [Fact]
    public async Task Spent_tokens_with_the_right_secret_do_not_count_as_guesses()
    {
        var password = await server.Kipuka.CreatePasswordAsync();
        Assert.Equal(HttpStatusCode.OK, await TryAsync(password));
        for (var i = 0; i < 7; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(password));
        }
    }

    [Fact]
    public async Task An_expired_password_is_401()
    {
        var otp = await CreateAsync(new { ttl = 1, max_uses = 1000 });
        var expires = otp.GetProperty("expires_at").GetDateTimeOffset();
        HttpStatusCode last;
        do
        {
            last = await TryAsync(otp.GetProperty("otp").GetString()!);
        }
        while (last == HttpStatusCode.OK && DateTimeOffset.UtcNow < expires.AddSeconds(5));
        Assert.Equal(HttpStatusCode.Unauthorized, last);
    }

    [Fact]
    [Requirement("NIAP CA PP", "FMT_SMF.1", Level.Must, "Operators create and revoke one-time passwords.")]
    public async Task A_revoked_password_is_401_and_cannot_be_revoked_again()
    {
        var otp = await CreateAsync(new { max_uses = 5 });
        var (id, password) = (otp.GetProperty("id").GetString(), otp.GetProperty("otp").GetString()!);
        Assert.Equal(HttpStatusCode.OK, await TryAsync(password));
        Assert.Equal(HttpStatusCode.NoContent, (await server.Kipuka.AdminAsync(HttpMethod.Delete, $"otp/{id}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(password));
        Assert.Equal(HttpStatusCode.NotFound, (await server.Kipuka.AdminAsync(HttpMethod.Delete, $"otp/{id}")).Status);
    }

    [Fact]
    public async Task est_label_restricts_where_a_password_works()
    {
        var password = (await CreateAsync(new { est_label = "a", max_uses = 9 })).GetProperty("otp").GetString()!;
        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(password, path: "b/simpleenroll"));
        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(password));
        Assert.Equal(HttpStatusCode.OK, await TryAsync(password, path: "a/simpleenroll"));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("gate-7", true)]
    [InlineData("gate-8", false)]
    [InlineData("GATE-7", false)]
    public async Task The_user_name_is_empty_or_the_entity(string user, bool accepted)
    {
        var password = await server.Kipuka.CreatePasswordAsync("gate-7");
        using var csr = new Csr("CN=user");
        var answer = await server.Kipuka.SendAsync(HttpMethod.Post, "simpleenroll", csr.Base64, "application/pkcs10", change: Basic.Header(Basic.Of(password, user)));
        Assert.Equal(accepted ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, answer.Status);
    }

    [Fact]
    public async Task The_answer_to_a_creation_has_the_names_of_both_chapters()
    {
        var otp = await CreateAsync(new { entity_id = "e", client_id = "c", label = "l", ttl = "1h", max_usage = 3 });
        foreach (var member in "id token_id token otp entity_id client_id label created_at created expires_at expires max_uses remaining_uses usage_count".Split(' '))
        {
            Assert.True(otp.TryGetProperty(member, out _), member);
        }
        Assert.Equal(3, otp.GetProperty("remaining_uses").GetInt32());
        Assert.Equal(0, otp.GetProperty("usage_count").GetInt32());
        Assert.InRange(Encoding.ASCII.GetByteCount(otp.GetProperty("otp").GetString()!), 21, 64);
        var (_, list, text) = await server.Kipuka.AdminAsync(HttpMethod.Get, "otp");
        Assert.Contains(list!.Value.EnumerateArray(), entry => entry.GetProperty("id").GetString() == otp.GetProperty("id").GetString());
        Assert.DoesNotContain(otp.GetProperty("otp").GetString()!, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"ttl":"soon"}""")]
    [InlineData("""{"max_uses":0}""")]
    [InlineData("""{"ttl":"1h","ttl_seconds":5}""")]
    [InlineData("""{"entity":"x"}""")]
    [InlineData("""{"expires_at":"2001-01-01T00:00:00Z"}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task A_creation_that_is_not_understood_is_400(string body)
    {
        var (status, answer, _) = await server.Kipuka.AdminAsync(HttpMethod.Post, "otp", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.True(answer!.Value.TryGetProperty("message", out _));
    }

    [Theory]
    [InlineData("otp")]
    [InlineData("otp/generate")]
    public async Task A_label_that_the_configuration_does_not_have_is_400_and_those_that_it_has_are_named(string path)
    {
        var (status, answer, _) = await server.Kipuka.AdminAsync(HttpMethod.Post, path, new { est_label = "aa" });
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("est_label: there is no label 'aa'; there are ", answer!.Value.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> CreateAsync(object body)
    {
        var (status, answer, text) = await server.Kipuka.AdminAsync(HttpMethod.Post, "otp/generate", body);
        Assert.True(status == HttpStatusCode.Created, text);
        return answer!.Value;
    }

    private async Task<HttpStatusCode> TryAsync(string password, string subject = "CN=try", string path = "simpleenroll")
    {
        using var csr = new Csr(subject);
        return (await server.Kipuka.EnrollAsync(csr, password, path: path)).Status;
    }
}
