using System.Net;
using static Kipuka.Interop.HsmServer;

namespace Kipuka.Interop;

/// <summary>What HSMs do on bad days, injected between the server and SoftHSM2. No client notices what can be healed, and nothing needs a restart.</summary>
public sealed class HsmBadDayTests : IAsyncLifetime, IDisposable
{
    private const string Quick = "[ha]\ncheck_interval = \"1s\"\nrecovery_timeout = \"1s\"";

    private readonly SoftHsm _hsm = new();
    private string _module = "";

    private string Tables => Hsm(library: _module) + Authority("hsm", _hsm["ca.pem"], "key = \"pkcs11:token=kipuka;object=ca\"") + Quick;

    public async Task InitializeAsync()
    {
        await _hsm.MakeTokenAsync("kipuka");
        await _hsm.MakeKeyAsync("kipuka", "EC:prime256v1", "01", "ca");
        await _hsm.MakeCertificateAsync("pkcs11:token=kipuka;object=ca", "ca");
        _module = await _hsm.BuildFaultModuleAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _hsm.Dispose();

    // CKR_SESSION_HANDLE_INVALID, and the login has gone with the sessions.
    [Fact]
    public async Task Lost_sessions_are_opened_anew_and_nobody_notices()
    {
        await using var server = await StartAsync(_hsm, Tables);
        for (var i = 1; i <= 3; i++)
        {
            _hsm.Inject($"lost {i}");
            await AssertAllAsync(server, 8);
        }
        Assert.True(_hsm.Calls("C_Login") >= 4, $"{_hsm.Calls("C_Login")} logins");
    }

    // CKR_CRYPTOKI_NOT_INITIALIZED.
    [Fact]
    public async Task A_foreign_C_Finalize_is_healed_and_nobody_notices()
    {
        await using var server = await StartAsync(_hsm, Tables);
        for (var i = 1; i <= 3; i++)
        {
            _hsm.Inject($"finalize {i}");
            await AssertAllAsync(server, 8);
        }
        // Two that find it out together both initialise; the second is told that it is done.
        Assert.InRange(_hsm.Calls("C_Initialize"), 4, 4 + (3 * 8));
        Assert.Equal(0, _hsm.Calls("C_Finalize"));
    }

    [Fact]
    public async Task A_removed_device_is_503_until_it_is_back()
    {
        await using var server = await StartAsync(_hsm, Tables);
        await AssertAllAsync(server, 4);
        _hsm.Inject("removed 1");
        var refused = await EnrollUntilAsync(server, "hsm", HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(refused.Headers.RetryAfter);
        _hsm.Inject("removed 0");
        await VerifyAsync(_hsm["ca.pem"], (await EnrollUntilAsync(server, "hsm", HttpStatusCode.OK)).Certificate);
        Assert.Single(server.Log.Split('\n'), line => line.Contains("The HSM does not work:", StringComparison.Ordinal));
        Assert.Single(server.Log.Split('\n'), line => line.Contains("The HSM works again.", StringComparison.Ordinal));
    }

    // CKR_SESSION_COUNT: max_sessions is 8, and the token has two.
    [Fact]
    public async Task A_token_with_fewer_sessions_than_max_sessions_serves_with_those()
    {
        _hsm.Inject("sessions 2\nlatency 50");
        await using var server = await StartAsync(_hsm, Tables);
        await AssertAllAsync(server, 16);
        Assert.True(_hsm.Calls("CKR_SESSION_COUNT") > 0);
    }

    [Fact]
    public async Task What_one_session_cannot_do_in_time_waits_and_what_is_too_much_is_503_at_once()
    {
        _hsm.Inject("latency 200");
        await using var server = await StartAsync(
            _hsm, Tables.Replace("[[ca]]\nid = \"hsm\"", "[[ca]]\nid = \"hsm\"\nmax_sessions = 1\ntimeout = \"60s\"", StringComparison.Ordinal));
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => EnrollAsync(server, "hsm", $"d{i}")));
        Assert.All(answers, answer => Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]));
        // One is being signed, 32 wait.
        Assert.InRange(answers.Count(answer => answer.Status == HttpStatusCode.OK), 33, 49);
        Assert.All(answers.Where(answer => answer.Status == HttpStatusCode.ServiceUnavailable), answer => Assert.NotNull(answer.Headers.RetryAfter));
    }

    [Fact]
    public async Task The_last_try_for_a_PIN_is_never_used()
    {
        _hsm.Inject("final_try 1");
        var before = _hsm.Calls("C_Login");
        await using var server = await StartAsync(_hsm, Tables);
        Assert.Contains("has one try for its PIN left, which is not risked", server.Log, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await EnrollAsync(server, "hsm")).Status);
        Assert.Equal(before, _hsm.Calls("C_Login"));
        _hsm.Inject("final_try 0");
        await EnrollUntilAsync(server, "hsm", HttpStatusCode.OK);
    }

    // "Logging in again needs the PIN again": the file has another one by then, and one wrong try is all it costs.
    [Fact]
    public async Task The_PIN_is_read_again_for_another_login_and_a_wrong_one_is_tried_once()
    {
        Pin(SoftHsm.Pin);
        await using var server = await StartAsync(_hsm, Tables.Replace(PinKeys, $"pin_file = \"{_hsm["pin"]}\"", StringComparison.Ordinal));
        await AssertAllAsync(server, 4);
        Pin("wrong-secret");
        var before = _hsm.Calls("C_Login");
        _hsm.Inject("lost 1");
        await EnrollUntilAsync(server, "hsm", HttpStatusCode.ServiceUnavailable);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await EnrollAsync(server, "hsm")).Status);
        }
        Assert.Equal(before + 1, _hsm.Calls("C_Login"));
        Assert.Single(server.Log.Split('\n'), line => line.Contains("refuses the PIN from pin_file", StringComparison.Ordinal) && line.Contains("ERROR ca:hsm", StringComparison.Ordinal));
        Assert.DoesNotContain("wrong-secret", server.Log, StringComparison.Ordinal);
        Pin(SoftHsm.Pin);
        await EnrollUntilAsync(server, "hsm", HttpStatusCode.OK);
    }

    // A label's edit carries the CA over; a change of the CA's own keys starts a second one beside it, and then stops the first.
    [Fact]
    public async Task Reloads_share_the_module_and_never_finalise_it()
    {
        await using var server = await StartAsync(_hsm, Tables);
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
        Assert.Equal(0, _hsm.Calls("C_Finalize"));
        Assert.True(_hsm.Calls("C_CloseSession") > 0);
    }

    private async Task AssertAllAsync(KipukaServer server, int clients)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, clients).Select(i => EnrollAsync(server, "hsm", $"device-{i}")));
        Assert.All(answers, answer => Assert.True(answer.Status == HttpStatusCode.OK, answer + server.Log));
        await VerifyAsync(_hsm["ca.pem"], [.. answers.Select(answer => answer.Certificate)]);
    }

    private void Pin(string pin)
    {
        File.WriteAllText(_hsm["pin"], pin + "\n");
        File.SetUnixFileMode(_hsm["pin"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
