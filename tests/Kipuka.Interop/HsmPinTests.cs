using System.Net;
using System.Text.RegularExpressions;
using static Kipuka.Interop.HsmServer;

namespace Kipuka.Interop;

/// <summary>A PIN that is wrong costs the token one try, and one that is locked costs none, whatever asks for the login: requests, health checks, reloads, other CAs.</summary>
public sealed class HsmPinTests : FaultyToken
{
    private const string Key = "key = \"pkcs11:token=kipuka;object=ca\"";

    // Without a threshold in reach: each of the requests gets as far as the token.
    private const string PatientChecks = QuickChecks + "failure_threshold = 100\n";

    private string Tables => Hsm(library: Module) + Authority("hsm", Token["ca.pem"], Key);

    [Fact]
    public async Task The_last_try_for_a_PIN_is_never_used()
    {
        Token.Inject("final_try 1");
        var before = Token.Calls("C_Login");
        await using var server = await StartAsync(Token, Tables + QuickChecks);
        Assert.Contains("has one try for its PIN left, which is not risked", server.Log, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await EnrollAsync(server, "hsm")).Status);
        Assert.Equal(before, Token.Calls("C_Login"));
        Token.Inject("final_try 0");
        await EnrollUntilAsync(server, "hsm", HttpStatusCode.OK);
    }

    // "Logging in again needs the PIN again": the file has another one by then, and one wrong try is all it costs.
    [Fact]
    public async Task The_PIN_is_read_again_for_another_login_and_a_wrong_one_is_tried_once()
    {
        var tables = Tables.Replace(PinKeys, $"pin_file = \"{Token.WritePin("pin", SoftHsm.Pin)}\"", StringComparison.Ordinal);
        await using var server = await StartAsync(Token, tables + QuickChecks);
        Assert.Equal(HttpStatusCode.OK, (await EnrollAsync(server, "hsm")).Status);
        Token.WritePin("pin", "wrong-secret");
        var before = Token.Calls("C_Login");
        Token.Inject("lost 1");
        await EnrollUntilAsync(server, "hsm", HttpStatusCode.ServiceUnavailable);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await EnrollAsync(server, "hsm")).Status);
        }
        Assert.Equal(before + 1, Token.Calls("C_Login"));
        Assert.Single(server.Log.Split('\n'), line => Regex.IsMatch(line, "ERROR ca:hsm.*refuse[sd] the PIN from pin_file"));
        Assert.DoesNotContain("wrong-secret", server.Log, StringComparison.Ordinal);
        Token.WritePin("pin", SoftHsm.Pin);
        await EnrollUntilAsync(server, "hsm", HttpStatusCode.OK);
    }

    // A token that forgot the first when it refused the second would be asked for both in turn, until it locks itself.
    [Fact]
    public async Task Two_CAs_with_two_wrong_PINs_cost_the_token_one_try_each_over_requests_checks_and_reloads()
    {
        string[] names = ["one", "two"];
        var tables = Hsm("", Module) + string.Concat(names.Select(name => Authority(name, Token["ca.pem"], $"{Key}\npin_file = \"{Token.WritePin(name, SoftHsm.Pin)}\"")));
        await using var server = await StartAsync(Token, tables + PatientChecks);
        foreach (var name in names)
        {
            Assert.Equal(HttpStatusCode.OK, (await EnrollAsync(server, name)).Status);
            Token.WritePin(name, $"wrong-{name}");
        }
        var before = Token.Calls("C_Login");
        Token.Inject("lost 1");
        for (var round = 0; round < 3; round++)
        {
            foreach (var name in names)
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, (await EnrollAsync(server, name)).Status);
            }
            // Other settings of the CA mean another instance, which begins with a login.
            await File.WriteAllTextAsync(server.ConfigFile, Regex.Replace(
                await File.ReadAllTextAsync(server.ConfigFile), "(?m)^(max_sessions = .*\n)?pin_file", $"max_sessions = {round + 1}\npin_file"));
            var (status, _, text) = await server.AdminAsync(HttpMethod.Post, "reload");
            Assert.True(status != HttpStatusCode.OK && text.Contains("has refused the PIN from pin_file", StringComparison.Ordinal), text);
        }
        Assert.Equal(before + 2, Token.Calls("C_Login"));
        foreach (var name in names)
        {
            Token.WritePin(name, SoftHsm.Pin);
        }
        await EnrollUntilAsync(server, "one", HttpStatusCode.OK);
        await EnrollUntilAsync(server, "two", HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_that_says_that_it_is_locked_is_not_asked_and_works_when_it_is_unlocked()
    {
        Token.Inject("locked 1");
        var before = Token.Calls("C_Login");
        await using var server = await StartAsync(Token, Tables + PatientChecks);
        Assert.Contains("has locked its user PIN; its security officer has to set a new one", server.Log, StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await EnrollAsync(server, "hsm")).Status);
        }
        Assert.Equal(before, Token.Calls("C_Login"));
        Token.Inject("locked 0");
        await EnrollUntilAsync(server, "hsm", HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_that_does_not_say_so_is_asked_once()
    {
        await using var server = await StartAsync(Token, Tables + PatientChecks);
        Assert.Equal(HttpStatusCode.OK, (await EnrollAsync(server, "hsm")).Status);
        var before = Token.Calls("C_Login");
        Token.Inject("lost 1\nlocked 2");
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await EnrollAsync(server, "hsm")).Status);
        }
        Assert.Equal(before + 1, Token.Calls("C_Login"));
        Assert.Single(server.Log.Split('\n'), line => Regex.IsMatch(line, "ERROR ca:hsm.*refuse[sd] the PIN from pin_env.*CKR_PIN_LOCKED"));
    }
}
