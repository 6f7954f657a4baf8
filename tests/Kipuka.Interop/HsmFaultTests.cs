using System.Net;
using static Kipuka.Interop.HsmServer;

namespace Kipuka.Interop;

/// <summary>What an operator is told when the HSM's configuration is wrong. Each has the token, key and certificate that do work.</summary>
public sealed class HsmFaultTests : IAsyncLifetime, IDisposable
{
    private readonly SoftHsm _hsm = new();

    private string Works => Authority("hsm", _hsm["ca.pem"], "key = \"pkcs11:token=kipuka;object=ca\"");

    public async Task InitializeAsync()
    {
        await _hsm.MakeAuthorityAsync();
        await _hsm.MakeKeyAsync("kipuka", "EC:prime256v1", "0a", "other");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _hsm.Dispose();

    // The twin of all others.
    [Fact]
    public async Task What_is_right_starts()
    {
        await using var server = await StartAsync(_hsm, Hsm() + Works);
        Assert.Equal(HttpStatusCode.OK, (await EnrollAsync(server, "hsm")).Status);
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_answered_with_those_that_are()
    {
        var message = await FailureAsync(_hsm, Hsm() + Authority("hsm", _hsm["ca.pem"], "key = \"pkcs11:token=kipuka;object=missing\""));
        Assert.StartsWith("The server ended with 1:", message, StringComparison.Ordinal);
        Assert.Contains("no private key on slot", message, StringComparison.Ordinal);
        Assert.Contains("label \"missing\"", message, StringComparison.Ordinal);
        Assert.Contains("CKA_ID 01 label \"ca\"", message, StringComparison.Ordinal);
        Assert.Contains("CKA_ID 0a label \"other\"", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_not_there_is_answered_with_those_that_are()
    {
        await using var server = await StartAsync(_hsm, Hsm() + Authority("hsm", _hsm["ca.pem"], "key = \"pkcs11:token=missing;object=ca\""));
        Assert.Contains("no token fits label \"missing\"; there are: slot ", server.Log, StringComparison.Ordinal);
        Assert.Contains("token \"kipuka\" serial", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_keys_that_fit_are_an_error_that_lists_them_and_the_id_tells_them_apart()
    {
        await _hsm.MakeKeyAsync("kipuka", "EC:prime256v1", "0b", "ca");
        var message = await FailureAsync(_hsm, Hsm() + Works);
        Assert.Contains("more than one private key on slot", message, StringComparison.Ordinal);
        Assert.Contains("has the label \"ca\"; name one with object= and id= in the key's URI; it has: ", message, StringComparison.Ordinal);
        Assert.Contains("CKA_ID 01 label \"ca\"", message, StringComparison.Ordinal);
        Assert.Contains("CKA_ID 0b label \"ca\"", message, StringComparison.Ordinal);
        Assert.DoesNotContain("label \"other\"", message, StringComparison.Ordinal);
        await using var server = await StartAsync(_hsm, Hsm() + Authority("hsm", _hsm["ca.pem"], "key = \"pkcs11:token=kipuka;object=ca;id=%01\""));
        Assert.Equal(HttpStatusCode.OK, (await EnrollAsync(server, "hsm")).Status);
    }

    [Fact]
    public async Task Two_tokens_that_fit_are_an_error_that_lists_them()
    {
        await _hsm.MakeTokenAsync("kipuka");
        var message = await FailureAsync(_hsm, Hsm() + Works);
        Assert.Contains("more than one token fits label \"kipuka\"; name one with token_label, or with token= or serial= in the key's URI; there are: slot ", message, StringComparison.Ordinal);
        Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(message.Split('\n').First(line => line.Contains("more than one token", StringComparison.Ordinal)), "token \"kipuka\" serial "));
        // Where nothing names one, there must be exactly one.
        message = await FailureAsync(_hsm, Hsm() + Authority("hsm", _hsm["ca.pem"], "hsm_slot = 1"));
        Assert.Contains("more than one token fits (any)", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_another_certificate_is_refused()
    {
        var message = await FailureAsync(_hsm, Hsm() + Authority("hsm", _hsm["ca.pem"], "key = \"pkcs11:token=kipuka;object=other\""));
        Assert.Contains("does not belong to the certificate CN=ca", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_another_kind_is_refused()
    {
        await _hsm.MakeKeyAsync("kipuka", "rsa:2048", "0b", "rsa");
        var message = await FailureAsync(_hsm, Hsm() + Authority("hsm", _hsm["ca.pem"], "key = \"pkcs11:token=kipuka;object=rsa\""));
        Assert.Contains("is not of the kind of the certificate's key", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_wants_the_PIN_for_every_signature_is_refused()
    {
        await _hsm.ToolAsync("--token-label", "kipuka", "--login", "--pin", SoftHsm.Pin, "--keypairgen", "--key-type", "EC:prime256v1", "--id", "0c", "--label", "careful", "--always-auth");
        var message = await FailureAsync(_hsm, Hsm() + Authority("hsm", _hsm["ca.pem"], "key = \"pkcs11:token=kipuka;object=careful\""));
        Assert.Contains("wants its PIN for every signature (CKA_ALWAYS_AUTHENTICATE)", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mechanism_that_the_module_does_not_list_is_refused()
    {
        var message = await FailureAsync(_hsm, Hsm() + Authority("hsm", _hsm["ca.pem"], "key = \"pkcs11:token=kipuka;object=ca\"\nmechanism = 0x80001234"));
        Assert.Contains("does not list the mechanism 0x80001234", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_library_that_is_no_PKCS11_module_is_refused_with_a_sentence()
        => Assert.Contains("is a library, but no PKCS#11 module: it has no C_GetFunctionList", await FailureAsync(_hsm, Hsm(library: "/lib/x86_64-linux-gnu/libc.so.6") + Works), StringComparison.Ordinal);

    [Fact]
    public async Task A_file_that_is_no_library_is_refused_with_a_sentence()
        => Assert.Contains("cannot be loaded as a library", await FailureAsync(_hsm, Hsm(library: _hsm["ca.pem"]) + Works), StringComparison.Ordinal);

    [Fact]
    public async Task A_library_that_is_not_there_is_refused_with_those_that_are()
        => Assert.Contains($"here there are {SoftHsm.Library} (SoftHSM2)", await FailureAsync(_hsm, Hsm(library: "/nowhere/libsofthsm2.so") + Works), StringComparison.Ordinal);

    // Three CAs and many sessions: one try of the token's is used.
    [Fact]
    public async Task A_wrong_PIN_is_tried_once_and_never_shown()
    {
        var environment = new Dictionary<string, string?>(_hsm.Environment) { ["KIPUKA_HSM_PIN"] = "wrong-secret" };
        var twins = Works + Works.Replace("\"hsm\"", "\"two\"", StringComparison.Ordinal) + Works.Replace("\"hsm\"", "\"three\"", StringComparison.Ordinal);
        var message = await FailureAsync(_hsm, Hsm() + twins, environment);
        Assert.Single(message.Split('\n'), line => line.Contains("refuses the PIN from pin_env (KIPUKA_HSM_PIN) (CKR_PIN_INCORRECT)", StringComparison.Ordinal));
        Assert.Equal(2, message.Split('\n').Count(line => line.Contains("has refused the PIN from pin_env (KIPUKA_HSM_PIN) before", StringComparison.Ordinal)));
        Assert.DoesNotContain("wrong-secret", message, StringComparison.Ordinal);
        // RestartPreventExitStatus=2 in deploy/kipuka.service: or every start by the supervisor would cost another try.
        Assert.StartsWith("The server ended with 2:", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_that_is_not_set_is_named()
        => Assert.Contains("KIPUKA_UNSET is not set", await FailureAsync(_hsm, Hsm("pin_env = \"KIPUKA_UNSET\"") + Works), StringComparison.Ordinal);
}
