using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Interop;

/// <summary>SoftHSM2 with tokens of one test's own, filled by pkcs11-tool.</summary>
internal sealed class SoftHsm : IDisposable
{
    public const string Pin = "correct-1234";

    private readonly ScratchFolder _folder = new();

    public SoftHsm()
    {
        Directory.CreateDirectory(_folder["tokens"]);
        File.WriteAllText(_folder["softhsm2.conf"], $"directories.tokendir = {_folder["tokens"]}\nobjectstore.backend = file\nlog.level = ERROR\n");
    }

    public static string Library => "/usr/lib/softhsm/libsofthsm2.so";

    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?> { ["SOFTHSM2_CONF"] = _folder["softhsm2.conf"], ["KIPUKA_HSM_PIN"] = Pin };

    public string this[string name] => _folder[name];

    public async Task MakeTokenAsync(string label, string pin = Pin)
    {
        await ToolAsync("--init-token", "--slot-index", $"{Directory.GetDirectories(_folder["tokens"]).Length}", "--label", label, "--so-pin", "87654321");
        await ToolAsync("--token-label", label, "--login", "--login-type", "so", "--so-pin", "87654321", "--init-pin", "--new-pin", pin);
    }

    /// <summary>As the book does it.</summary>
    /// <param name="type">Such as <c>rsa:2048</c> or <c>EC:prime256v1</c>.</param>
    public Task MakeKeyAsync(string token, string type, string id, string label, string pin = Pin)
        => ToolAsync("--token-label", token, "--login", "--pin", pin, "--keypairgen", "--key-type", type, "--id", id, "--label", label);

    /// <summary>Takes all tokens away, as if the device were unplugged.</summary>
    public void Remove() => Directory.Move(_folder["tokens"], _folder["away"]);

    public void PutBack() => Directory.Move(_folder["away"], _folder["tokens"]);

    public Task<Tool.Result> KipukaAsync(params string[] arguments) => Tool.RunAsync(Repository.Executable, arguments, _folder.Path, Environment);

    /// <summary>Makes a self-signed CA certificate with a key of the token; the file's name.</summary>
    public async Task<string> MakeCertificateAsync(string key, string name)
    {
        var result = await KipukaAsync(
            "hsm", "selfsign", "--library", Library, "--pin-env", "KIPUKA_HSM_PIN", "--key", key, "--subject", $"CN={name}", "--days", "3650", "--out", $"{name}.pem");
        return result.ExitCode == 0 ? _folder[$"{name}.pem"] : throw new InvalidOperationException(result.ToString());
    }

    public void Dispose() => _folder.Dispose();

    public async Task<string> ToolAsync(params string[] arguments)
    {
        var result = await Tool.RunAsync("pkcs11-tool", ["--module", Library, .. arguments], _folder.Path, Environment);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"pkcs11-tool {string.Join(' ', arguments)}: {result}");
    }
}
