using System.Diagnostics;
using System.Runtime.InteropServices;
using Kipuka.Sdk;

namespace Kipuka.Plugins.Tests.CaPkcs11;

/// <summary>SoftHSM2 inside this process, with one token and one key. It reads its environment once, so there is one for all tests.</summary>
[CollectionDefinition(Tests)]
public sealed partial class InProcessHsm : IAsyncLifetime, ICollectionFixture<InProcessHsm>
{
    /// <summary>The collection of all tests that use it.</summary>
    public const string Tests = "SoftHSM2 in this process";

    public const string Library = "/usr/lib/softhsm/libsofthsm2.so";
    private const string Pin = "correct-1234";
    private readonly string folder = Directory.CreateTempSubdirectory("kipuka-hsm-").FullName;

    public string At(string name) => Path.Combine(folder, name);

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(At("tokens"));
        File.WriteAllText(At("softhsm2.conf"), $"directories.tokendir = {At("tokens")}\n");
        // Modules read C's environment, which .NET's does not change.
        Assert.Equal(0, SetVariable("SOFTHSM2_CONF", At("softhsm2.conf"), 1));
        Environment.SetEnvironmentVariable("SOFTHSM2_CONF", At("softhsm2.conf"));
        await RunAsync("pkcs11-tool", "--module", Library, "--init-token", "--slot-index", "0", "--label", "kipuka", "--so-pin", "87654321");
        await RunAsync("pkcs11-tool", "--module", Library, "--token-label", "kipuka", "--login", "--login-type", "so", "--so-pin", "87654321", "--init-pin", "--new-pin", Pin);
        await RunAsync("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", At("ca.key"));
        await RunAsync("openssl", "req", "-new", "-x509", "-days", "7300", "-key", At("ca.key"), "-out", At("ca.pem"), "-subj", "/CN=ca");
        await RunAsync("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", At("ca.key"), "-out", At("ca.p8"));
        await RunAsync("softhsm2-util", "--import", At("ca.p8"), "--token", "kipuka", "--pin", Pin, "--label", "ca", "--id", "01");
        File.WriteAllText(At("pin"), Pin);
        File.SetUnixFileMode(At("pin"), UnixFileMode.UserRead);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Sets the settings of either load context.</summary>
    public void Fill(object settings, string key = "pkcs11:token=kipuka;object=ca")
    {
        Set("Cert", new SettingsFile(At("ca.pem"), File.ReadAllBytes(At("ca.pem"))));
        Set("Library", new SettingsPath(Library));
        Set("Key", key);
        Set("PinFile", new SettingsPath(At("pin")));
        void Set(string name, object value) => settings.GetType().GetProperty(name)!.SetValue(settings, value);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors} {await output}");
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
