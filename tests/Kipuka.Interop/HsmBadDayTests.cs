using System.Net;
using static Kipuka.Interop.HsmServer;

namespace Kipuka.Interop;

/// <summary>What HSMs do on bad days, injected between the server and SoftHSM2. No client notices what can be healed, and nothing needs a restart.</summary>
public sealed class HsmBadDayTests : FaultyToken
{
    private string Tables => Hsm(library: Module) + Authority("hsm", Token["ca.pem"], "key = \"pkcs11:token=kipuka;object=ca\"") + QuickChecks;

    // CKR_SESSION_HANDLE_INVALID, and the login has gone with the sessions.
    [Fact]
    public async Task Lost_sessions_are_opened_anew_and_nobody_notices()
    {
        await using var server = await StartAsync(Token, Tables);
        for (var i = 1; i <= 3; i++)
        {
            Token.Inject($"lost {i}");
            await AssertAllAsync(server, 8);
        }
        Assert.True(Token.Calls("C_Login") >= 4, $"{Token.Calls("C_Login")} logins");
    }

    // CKR_CRYPTOKI_NOT_INITIALIZED.
    [Fact]
    public async Task A_foreign_C_Finalize_is_healed_and_nobody_notices()
    {
        await using var server = await StartAsync(Token, Tables);
        for (var i = 1; i <= 3; i++)
        {
            Token.Inject($"finalize {i}");
            await AssertAllAsync(server, 8);
        }
        // Two that find it out together both initialise; the second is told that it is done.
        Assert.InRange(Token.Calls("C_Initialize"), 4, 4 + (3 * 8));
        Assert.Equal(0, Token.Calls("C_Finalize"));
    }

    [Fact]
    public async Task A_removed_device_is_503_until_it_is_back()
    {
        await using var server = await StartAsync(Token, Tables);
        await AssertAllAsync(server, 4);
        Token.Inject("removed 1");
        var refused = await EnrollUntilAsync(server, "hsm", HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(refused.Headers.RetryAfter);
        Token.Inject("removed 0");
        await VerifyAsync(Token["ca.pem"], (await EnrollUntilAsync(server, "hsm", HttpStatusCode.OK)).Certificate);
        Assert.Single(server.Log.Split('\n'), line => line.Contains("The HSM does not work:", StringComparison.Ordinal));
        Assert.Single(server.Log.Split('\n'), line => line.Contains("The HSM works again.", StringComparison.Ordinal));
    }

    // CKR_SESSION_COUNT: max_sessions is 8, and the token has two.
    [Fact]
    public async Task A_token_with_fewer_sessions_than_max_sessions_serves_with_those()
    {
        Token.Inject("sessions 2\nlatency 50");
        await using var server = await StartAsync(Token, Tables);
        await AssertAllAsync(server, 16);
        Assert.True(Token.Calls("CKR_SESSION_COUNT") > 0);
    }

    [Fact]
    public async Task What_one_session_cannot_do_in_time_waits_and_what_is_too_much_is_503_at_once()
    {
        Token.Inject("latency 200");
        var oneSession = Tables.Replace("[[ca]]\nid = \"hsm\"", "[[ca]]\nid = \"hsm\"\nmax_sessions = 1\ntimeout = \"60s\"", StringComparison.Ordinal);
        // A check of the CA's health would be one of those that wait.
        await using var server = await StartAsync(Token, oneSession.Replace("check_interval = \"1s\"", "check_interval = \"1h\"", StringComparison.Ordinal));
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => EnrollAsync(server, "hsm", $"d{i}")));
        Assert.All(answers, answer => Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]));
        // One is being signed, 32 wait.
        Assert.InRange(answers.Count(answer => answer.Status == HttpStatusCode.OK), 33, 49);
        Assert.All(answers.Where(answer => answer.Status == HttpStatusCode.ServiceUnavailable), answer => Assert.NotNull(answer.Headers.RetryAfter));
    }

    // A label's edit carries the CA over; a change of the CA's own keys starts a second one beside it, and then stops the first.
    [Fact]
    public async Task Reloads_share_the_module_and_never_finalise_it()
    {
        await using var server = await StartAsync(Token, Tables);
        for (var sessions = 1; sessions <= 3; sessions++)
        {
            var text = File.ReadAllText(server.ConfigFile);
            File.WriteAllText(server.ConfigFile, System.Text.RegularExpressions.Regex.Replace(text, "(?m)^(max_sessions = .*\n)?pin_env", $"max_sessions = {sessions}\npin_env"));
            var load = Enumerable.Range(0, 8).Select(i => EnrollAsync(server, "hsm", $"reload-{i}")).ToList();
            var (status, _, answer) = await server.AdminAsync(HttpMethod.Post, "reload");
            Assert.True(status == HttpStatusCode.OK, answer);
            Assert.All(await Task.WhenAll(load), enrolled => Assert.Equal(HttpStatusCode.OK, enrolled.Status));
        }
        await AssertAllAsync(server, 4);
        Assert.Equal(0, Token.Calls("C_Finalize"));
        Assert.True(Token.Calls("C_CloseSession") > 0);
    }

    private async Task AssertAllAsync(KipukaServer server, int clients)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, clients).Select(i => EnrollAsync(server, "hsm", $"device-{i}")));
        Assert.All(answers, answer => Assert.True(answer.Status == HttpStatusCode.OK, answer + server.Log));
        await VerifyAsync(Token["ca.pem"], [.. answers.Select(answer => answer.Certificate)]);
    }
}
