using System.Diagnostics;
using Kipuka.Plugins.CaFile;
using Kipuka.Sdk;

namespace Kipuka.Plugins.Tests.CaFile;

/// <summary>A folder with keys and certificates that openssl made, as an operator has them.</summary>
internal sealed class Workshop : IDisposable
{
    public const string Passphrase = "correct horse battery";

    private readonly string folder = Directory.CreateTempSubdirectory("kipuka-ca-").FullName;

    public string At(string name) => Path.Combine(folder, name);

    public async Task OpenSslAsync(string command)
    {
        var start = new ProcessStartInfo("openssl", command) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"openssl {command}: {errors} {await output}");
    }

    /// <summary>The book's own commands: a key, and a root that signs itself with it.</summary>
    public async Task MakeRootAsync(string keyCommand, string name = "ca")
    {
        await OpenSslAsync(keyCommand.Replace("KEY", $"{name}.key", StringComparison.Ordinal));
        await OpenSslAsync($"req -new -x509 -days 7300 -key {name}.key -out {name}.crt -subj /O=Example/CN={name}");
    }

    public FileCaSettings Settings(string key = "ca.key", string cert = "ca.crt") => new()
    {
        Cert = new SettingsFile(At(cert), File.ReadAllBytes(At(cert))),
        Key = Secret(key),
    };

    public SecretFile Secret(string name) => new(At(name), Sdk.Secret.Copy(File.ReadAllBytes(At(name))));

    public SecretFile SecretText(string text)
    {
        File.WriteAllText(At("passphrase"), text);
        return Secret("passphrase");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
