using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Testing;

/// <summary>SoftHSM2 with tokens of one test's own, filled by pkcs11-tool.</summary>
public sealed class SoftHsm : IDisposable
{
    public const string Pin = "correct-1234";

    private readonly ScratchFolder _folder = new();

    public SoftHsm()
    {
        Directory.CreateDirectory(_folder["tokens"]);
        File.WriteAllText(_folder["softhsm2.conf"], $"directories.tokendir = {_folder["tokens"]}\nobjectstore.backend = file\nlog.level = ERROR\n");
    }

    public static string Library => "/usr/lib/softhsm/libsofthsm2.so";

    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?> { ["SOFTHSM2_CONF"] = _folder["softhsm2.conf"], ["KIPUKA_HSM_PIN"] = Pin, ["P11_FAULT"] = _folder["fault"] };

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

    /// <summary>A token "kipuka" with a key "ca" on P-256, and its certificate <c>ca.pem</c>.</summary>
    public async Task MakeAuthorityAsync()
    {
        await MakeTokenAsync("kipuka");
        await MakeKeyAsync("kipuka", "EC:prime256v1", "01", "ca");
        await MakeCertificateAsync("pkcs11:token=kipuka;object=ca", "ca");
    }

    /// <summary>Writes a PIN to a file that its owner alone reads; the file's name.</summary>
    public string WritePin(string name, string pin)
    {
        File.WriteAllText(_folder[name], pin + "\n");
        File.SetUnixFileMode(_folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return _folder[name];
    }

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

    /// <summary>The module of tests/native that does to SoftHSM2 what <see cref="Inject"/> says.</summary>
    public async Task<string> BuildFaultModuleAsync()
    {
        var source = Path.Combine(Repository.Root, "tests", "native", "p11-fault.c");
        var result = await Tool.RunAsync("gcc", ["-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o", _folder["p11-fault.so"], source, "-ldl", "-lpthread"]);
        return result.ExitCode == 0 ? _folder["p11-fault.so"] : throw new InvalidOperationException(result.ToString());
    }

    /// <summary>From the next call on; see tests/native/p11-fault.c.</summary>
    public void Inject(string faults)
    {
        File.WriteAllText(_folder["fault.new"], faults + "\n");
        File.Move(_folder["fault.new"], _folder["fault"], overwrite: true);
    }

    /// <summary>How often the fault module was called so.</summary>
    public int Calls(string function) => File.Exists(_folder["fault.log"]) ? File.ReadLines(_folder["fault.log"]).Count(line => line == function) : 0;

    public void Dispose() => _folder.Dispose();

    public async Task<string> ToolAsync(params string[] arguments)
    {
        var result = await Tool.RunAsync("pkcs11-tool", ["--module", Library, .. arguments], _folder.Path, Environment);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"pkcs11-tool {string.Join(' ', arguments)}: {result}");
    }
}
