using System.Net;
using System.Text.Json;
using static Kipuka.Interop.HsmServer;

namespace Kipuka.Interop;

/// <summary>CAs whose keys lie in SoftHSM2, made by pkcs11-tool as the book does it, through the whole server.</summary>
public sealed class HsmTests : IDisposable
{
    private readonly SoftHsm _hsm = new();

    public void Dispose() => _hsm.Dispose();

    [Fact]
    public async Task Every_kind_of_key_issues_certificates_that_openssl_verifies()
    {
        (string Name, string Type)[] keys =
            [("rsa2048", "rsa:2048"), ("rsa3072", "rsa:3072"), ("rsa4096", "rsa:4096"), ("p256", "EC:prime256v1"), ("p384", "EC:secp384r1"), ("p521", "EC:secp521r1")];
        await _hsm.MakeTokenAsync("kipuka");
        var tables = Hsm();
        foreach (var ((name, type), index) in keys.Select((key, index) => (key, index)))
        {
            await _hsm.MakeKeyAsync("kipuka", type, $"0{index + 1}", $"ca-{name}");
            tables += Authority(name, await _hsm.MakeCertificateAsync($"pkcs11:token=kipuka;object=ca-{name}", name), $"key = \"pkcs11:token=kipuka;id=%0{index + 1}\"");
        }
        tables += Authority("pss", _hsm["rsa2048.pem"], "key = \"pkcs11:object=ca-rsa2048\"\nrsa_padding = \"pss\"\nsignature_hash = \"sha384\"");
        tables += Authority("slot", _hsm["p256.pem"], "hsm_slot = 4");
        tables += Authority("label", _hsm["p256.pem"], "type = \"pkcs11\"\nkey = \"ca-p256\"");
        tables += Authority("own", _hsm["rsa2048.pem"], "hsm_slot = 1\nmechanism = 0x40 # CKM_SHA256_RSA_PKCS");
        await using var server = await StartAsync(_hsm, tables);
        foreach (var (name, certificate) in keys.Select(key => (key.Name, key.Name)).Append(("pss", "rsa2048")).Append(("slot", "p256")).Append(("label", "p256")).Append(("own", "rsa2048")))
        {
            var answer = await EnrollAsync(server, name);
            Assert.True(answer.Status == HttpStatusCode.OK, $"{name}: {answer}");
            await VerifyAsync(_hsm[$"{certificate}.pem"], answer.Certificate);
        }
    }

    [Fact]
    public async Task Thirty_two_clients_at_once_get_certificates_from_two_sessions()
    {
        await _hsm.MakeAuthorityAsync();
        await using var server = await StartAsync(_hsm, Hsm($"{PinKeys}\nmax_sessions = 2") + Authority("hsm", _hsm["ca.pem"], "key = \"pkcs11:object=ca\""));
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(async client =>
        {
            List<EstAnswer> own = [];
            for (var i = 0; i < 4; i++) own.Add(await EnrollAsync(server, "hsm", $"client-{client}-{i}"));
            return own;
        }));
        Assert.All(answers.SelectMany(own => own), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        await VerifyAsync(_hsm["ca.pem"], [.. answers.SelectMany(own => own).Select(answer => answer.Certificate)]);
    }

    [Fact]
    public async Task Keys_of_two_tokens_and_of_two_modules_work_side_by_side_each_with_its_own_PIN()
    {
        await _hsm.MakeAuthorityAsync();
        await _hsm.MakeTokenAsync("second", "other-5678");
        await _hsm.MakeKeyAsync("second", "EC:secp384r1", "01", "ca", "other-5678");
        _hsm.WritePin("second.pin", "other-5678");
        var made = await _hsm.KipukaAsync(
            "hsm", "selfsign", "--library", SoftHsm.Library, "--pin-file", "second.pin", "--key", "pkcs11:token=second;object=ca", "--subject", "CN=second", "--out", "second.pem");
        Assert.True(made.ExitCode == 0, made.ToString());
        // The loader takes another file for another vendor's module, with a state of its own.
        File.Copy(SoftHsm.Library, _hsm["other-vendor.so"]);
        var second = $"key = \"pkcs11:token=second;object=ca\"\npin_file = \"{_hsm["second.pin"]}\"";
        await using var server = await StartAsync(_hsm, Hsm($"token_label = \"kipuka\"\n{PinKeys}")
            + Authority("first", _hsm["ca.pem"], "hsm_slot = 1")
            + Authority("second", _hsm["second.pem"], second)
            + Authority("elsewhere", _hsm["second.pem"], $"{second}\nlibrary = \"{_hsm["other-vendor.so"]}\""));
        foreach (var label in (string[])["second", "elsewhere"])
        {
            await VerifyAsync(_hsm["ca.pem"], (await EnrollAsync(server, "first")).Certificate);
            await VerifyAsync(_hsm["second.pem"], (await EnrollAsync(server, label)).Certificate);
        }
    }

    // RFC 7512: whatever tells the token from the other one, percent-encoded where it has to be.
    [Fact]
    public async Task A_token_is_named_by_any_attribute_that_only_it_has_or_by_all_of_them()
    {
        await _hsm.MakeAuthorityAsync();
        await _hsm.MakeTokenAsync("the other one");
        var (slot, serial) = await WhereAsync("kipuka");
        string[] ways = [$"serial={serial}", $"slot-id={slot}", $"slot={slot}", "token=kip%75ka", $"token=kipuka;manufacturer=SoftHSM%20project;model=SoftHSM%20v2;serial={serial};slot-id={slot};type=private"];
        var key = string.Concat("ca".Select(letter => $"%{(int)letter:x2}"));
        var tables = string.Concat(ways.Select((way, index) => Authority($"way{index}", _hsm["ca.pem"], $"key = \"pkcs11:{way};object={key};id=%01\"")))
            + Authority("both", _hsm["ca.pem"], $"key = \"pkcs11:object=ca\"\nhsm_slot = {slot}");
        await using var server = await StartAsync(_hsm, Hsm() + tables);
        foreach (var label in ways.Select((_, index) => $"way{index}").Append("both"))
        {
            var answer = await EnrollAsync(server, label);
            Assert.True(answer.Status == HttpStatusCode.OK, $"{label}: {answer}");
            await VerifyAsync(_hsm["ca.pem"], answer.Certificate);
        }
        // The twin: the other token has no such key.
        var other = await WhereAsync("the other one");
        var message = await FailureAsync(_hsm, Hsm() + Authority("hsm", _hsm["ca.pem"], $"key = \"pkcs11:serial={other.Serial};object=ca\""));
        Assert.Contains("it shows no private key at all", message, StringComparison.Ordinal);

        async Task<(string Slot, string Serial)> WhereAsync(string label)
        {
            var listed = (await _hsm.KipukaAsync("hsm", "list", "--library", SoftHsm.Library)).Output;
            var found = System.Text.RegularExpressions.Regex.Match(listed, $@"\((\d+)\): token ""{label}""\n  serial (\w+),");
            Assert.True(found.Success, listed);
            return (found.Groups[1].Value, found.Groups[2].Value);
        }
    }

    [Fact]
    public async Task A_token_that_is_taken_away_under_load_is_503_and_is_back_without_a_restart()
    {
        await _hsm.MakeAuthorityAsync();
        await using var server = await StartAsync(_hsm, Hsm() + Authority("hsm", _hsm["ca.pem"], "key = \"pkcs11:object=ca\"") + QuickChecks);
        Assert.Equal(HttpStatusCode.OK, (await EnrollAsync(server, "hsm")).Status);
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(async _ =>
        {
            List<EstAnswer> answers = [];
            while (!stop.IsCancellationRequested) answers.Add(await EnrollAsync(server, "hsm"));
            return answers;
        }).ToList();
        _hsm.Remove();
        var refused = await EnrollUntilAsync(server, "hsm", HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(refused.Headers.RetryAfter);
        _hsm.PutBack();
        var again = await EnrollUntilAsync(server, "hsm", HttpStatusCode.OK);
        await stop.CancelAsync();
        var answers = (await Task.WhenAll(load)).SelectMany(own => own).ToList();
        Assert.All(answers, answer => Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]));
        await VerifyAsync(_hsm["ca.pem"], [again.Certificate, .. answers.Where(answer => answer.Status == HttpStatusCode.OK).Select(answer => answer.Certificate)]);
    }

    // The book's "Two-CA Active-Passive with HSM Primary", with the HSM under Kipuka itself.
    [Fact]
    public async Task With_a_standby_no_client_notices_that_the_token_has_gone()
    {
        await _hsm.MakeAuthorityAsync();
        await using var server = await StartAsync(_hsm, Hsm() + Authority("hsm", _hsm["ca.pem"], "key = \"pkcs11:object=ca\"") + QuickChecks
            + "[[ha.group]]\nname = \"both\"\nca_ids = [\"hsm\", \"default\"]\n");
        Assert.Equal("CN=ca", (await EnrollAsync(server, "hsm")).Certificate.Issuer);
        _hsm.Remove();
        var issued = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => EnrollAsync(server, "hsm", $"d{i}")));
        Assert.All(issued, answer => Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString()));
        Assert.All(issued, answer => Assert.Equal(server.Authority.Certificate.Subject, answer.Certificate.Issuer));
        _hsm.PutBack();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await EnrollAsync(server, "hsm")).Certificate.Issuer != "CN=ca")
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    // Ruling 54: what cannot be reached at the start begins as unavailable.
    [Fact]
    public async Task A_token_that_is_not_there_at_the_start_is_used_when_it_comes()
    {
        await _hsm.MakeAuthorityAsync();
        _hsm.Remove();
        Directory.CreateDirectory(_hsm["tokens"]);
        await using var server = await StartAsync(_hsm, Hsm() + Authority("hsm", _hsm["ca.pem"], "key = \"pkcs11:object=ca\"") + QuickChecks);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await EnrollAsync(server, "hsm")).Status);
        Assert.Contains("no token fits", server.Log, StringComparison.Ordinal);
        Assert.Empty(await LoadedAsync(server));
        Directory.Delete(_hsm["tokens"]);
        _hsm.PutBack();
        await VerifyAsync(_hsm["ca.pem"], (await EnrollUntilAsync(server, "hsm", HttpStatusCode.OK)).Certificate);
        // Ruling 55: the journal has it when it happens, and once.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await LoadedAsync(server) is [])
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
        Assert.Equal(HttpStatusCode.OK, (await EnrollAsync(server, "hsm", "another")).Status);
        Assert.Equal("CN=ca", Assert.Single(await LoadedAsync(server)).GetProperty("details").GetProperty("subject").GetString());
    }

    private static async Task<List<JsonElement>> LoadedAsync(KipukaServer server)
    {
        var (_, list, _) = await server.AdminAsync(HttpMethod.Get, "audit?event=key.loaded");
        return [.. list!.Value.GetProperty("events").EnumerateArray().Where(entry => entry.GetProperty("ca_id").GetString() == "hsm")];
    }
}
