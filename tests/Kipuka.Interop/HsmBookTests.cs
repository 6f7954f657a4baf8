using System.Net;
using static Kipuka.Interop.HsmServer;

namespace Kipuka.Interop;

/// <summary>The book's chapter on HSMs, command by command, with its labels, ids and PIN. Only the place of the module is this machine's.</summary>
public sealed class HsmBookTests : IDisposable
{
    private readonly SoftHsm _hsm = new();

    public void Dispose() => _hsm.Dispose();

    [Fact]
    public async Task The_books_commands_and_its_configuration_work_as_printed()
    {
        var environment = new Dictionary<string, string?>(_hsm.Environment) { ["KIPUKA_HSM_PIN"] = "1234" };
        await RunAsync("pkcs11-tool --init-token --slot-index 0 --label kipuka --so-pin 12345678");
        await RunAsync("pkcs11-tool --init-pin --login --so-pin 12345678 --new-pin 1234");
        Assert.Contains("token label        : kipuka", await RunAsync("pkcs11-tool --list-slots"), StringComparison.Ordinal);
        await RunAsync("pkcs11-tool --login --pin 1234 --keypairgen --key-type rsa:2048 --id 01 --label kipuka-ca-rsa-2048");
        await RunAsync("pkcs11-tool --login --pin 1234 --keypairgen --key-type rsa:4096 --id 02 --label kipuka-ca-rsa-4096");
        await RunAsync("pkcs11-tool --login --pin 1234 --keypairgen --key-type EC:prime256v1 --id 03 --label kipuka-ca-ec-p256");
        await RunAsync("pkcs11-tool --login --pin 1234 --keypairgen --key-type EC:secp384r1 --id 04 --label kipuka-ca-ec-p384");
        var objects = await RunAsync("pkcs11-tool --login --pin 1234 --list-objects");
        Assert.Contains("label:      kipuka-ca-ec-p384", objects, StringComparison.Ordinal);
        // The book makes the certificates with OpenSSL's engine, which OpenSSL 3 has given up; the product's own command takes its key URI.
        await RunAsync($"kipuka hsm selfsign --library {SoftHsm.Library} --pin-env KIPUKA_HSM_PIN --key pkcs11:token=kipuka;id=%01;type=private --subject /CN=rsa --days 3650 --out hsm-rsa-ca.pem");
        await RunAsync($"kipuka hsm selfsign --library {SoftHsm.Library} --pin-env KIPUKA_HSM_PIN --key pkcs11:token=kipuka;id=%03;type=private --subject /CN=ec --days 3650 --out hsm-ec-ca.pem");
        await using var server = await StartAsync(_hsm, $"""
            # HSM configuration
            [hsm]
            library = "{SoftHsm.Library}"
            token_label = "kipuka"
            pin_env = "KIPUKA_HSM_PIN"
            {Printed("RSA", 1)}
            {Printed("EC", 3)}
            """, environment);
        foreach (var label in (string[])["rsa", "ec"])
        {
            var answer = await EnrollAsync(server, label);
            Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
            await VerifyAsync(_hsm[$"hsm-{label}-ca.pem"], answer.Certificate);
        }

        // The tables of its two CAs differ in nothing else; the label is ours.
        string Printed(string kind, int slot) => $"""
            # {kind} CA using HSM key
            [[ca]]
            id = "hsm-{kind.ToLowerInvariant()}-ca"
            label = "{kind.ToLowerInvariant()}"
            name = "HSM-Protected {kind} CA"
            cert = "{_hsm[$"hsm-{kind.ToLowerInvariant()}-ca.pem"]}"
            hsm_slot = {slot}
            validity_days = 365
            key_usage = ["digitalSignature", "keyCertSign", "cRLSign"]
            """;

        async Task<string> RunAsync(string line)
        {
            var words = line.Split(' ');
            var result = words[0] == "kipuka"
                ? await Tool.RunAsync(Repository.Executable, words[1..], Path.GetDirectoryName(_hsm["x"]), environment)
                : await Tool.RunAsync(words[0], ["--module", SoftHsm.Library, .. words[1..]], null, environment);
            Assert.True(result.ExitCode == 0, $"{line}: {result}");
            return result.Output;
        }
    }
}
