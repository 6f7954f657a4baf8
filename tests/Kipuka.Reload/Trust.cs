using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Reload;

/// <summary>
/// A plugin folder that nobody vouches for, or that somebody else could change: the reload is refused with file and line, the old generation serves, health
/// says why, the journal has it. Each is healed by what an operator would do.
/// </summary>
public sealed class Trust : IAsyncLifetime
{
    private const string Plugin = "ca-file";
    private readonly TestAuthority _publisher = new("Publisher");
    private PluginServer _server = null!;

    private KipukaServer Kipuka => _server.Kipuka;

    private string Extra => Path.Combine(_server[Plugin], "extra.txt");

    public async Task InitializeAsync() => _server = await PluginServer.StartAsync(new ServerSetup { More = "[audit.file]\nfile = \"audit.jsonl\"\n" });

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _publisher.Dispose();
    }

    [Fact]
    public async Task A_folder_without_a_pin_is_refused_until_the_pin_is_there()
    {
        _server.Install(Plugin, PluginFiles.Test($"next/{Plugin}"));
        await RefusedAsync("not those that were built with this server");
        _server.Pin(Plugin, await PluginFiles.HashAsync(_server[Plugin]));
        await HealedAsync();
    }

    [Fact]
    public async Task A_pin_of_other_files_is_refused_until_it_is_right()
    {
        await File.WriteAllTextAsync(Extra, "one");
        _server.Pin(Plugin, await PluginFiles.HashAsync(_server[Plugin]));
        await HealedAsync();
        await File.WriteAllTextAsync(Extra, "two");
        await RefusedAsync("not those that [plugins.pins] names");
        _server.Pin(Plugin, await PluginFiles.HashAsync(_server[Plugin]));
        await HealedAsync();
    }

    [Fact]
    public async Task A_folder_that_others_can_write_is_refused_until_they_cannot()
    {
        var mode = File.GetUnixFileMode(_server[Plugin]);
        File.SetUnixFileMode(_server[Plugin], mode | UnixFileMode.OtherWrite);
        await RefusedAsync("writable by group or others");
        File.SetUnixFileMode(_server[Plugin], mode);
        await HealedAsync();
    }

    [Fact]
    public async Task A_link_out_of_the_folder_is_refused_until_it_is_gone()
    {
        File.CreateSymbolicLink(Extra, Kipuka.CaFile);
        await RefusedAsync("does not lead to a file of the same folder");
        File.Delete(Extra);
        await HealedAsync();
    }

    [Fact]
    public async Task A_signature_vouches_for_a_folder_and_one_over_other_files_does_not()
    {
        using var signer = _publisher.Issue("CN=Publisher", usages: ["1.3.6.1.5.5.7.3.3"]);
        var (cert, key) = (Path.Combine(Kipuka.Folder, "publisher.pem"), Path.Combine(Kipuka.Folder, "publisher-key.pem"));
        await File.WriteAllTextAsync(cert, signer.ExportCertificatePem());
        await File.WriteAllTextAsync(key, signer.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        _server.Keys = "publishers = [\"publisher.pem\"]";
        _server.Edit();
        _server.Install(Plugin, PluginFiles.Test($"next/{Plugin}"));
        var signed = await Tool.RunAsync(Repository.Executable, ["plugin", "sign", _server[Plugin], "--cert", cert, "--key", key]);
        Assert.True(signed.ExitCode == 0, signed.ToString());
        await HealedAsync();
        await File.WriteAllTextAsync(Extra, "not signed");
        await RefusedAsync("signature");
        _server.Pin(Plugin, await PluginFiles.HashAsync(_server[Plugin]));
        await HealedAsync();
    }

    private async Task RefusedAsync(string reason)
    {
        var problems = await _server.ReloadRefusedAsync();
        Assert.Contains(problems, problem => problem.Contains(reason, StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("kipuka.toml:", StringComparison.Ordinal));
        var health = await _server.HealthAsync();
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Contains(reason, health.GetProperty("configuration").GetProperty("problems").ToString(), StringComparison.Ordinal);
        Assert.Contains(reason, (await _server.PluginsAsync()).GetProperty("last_reload").ToString(), StringComparison.Ordinal);
        Assert.Contains(reason, Kipuka.Log, StringComparison.Ordinal);
        await _server.UntilAsync(
            async () => (await JournalAsync()).Split('\n').Any(
                line => line.Contains("plugin.refused", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal)),
            "plugin.refused stands in the journal");
        await Kipuka.EnrollDeviceAsync("CN=meanwhile");
    }

    private async Task<string> JournalAsync()
    {
        try
        {
            using var reader = new StreamReader(
                new FileStream(Path.Combine(Kipuka.Folder, "audit.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return await reader.ReadToEndAsync();
        }
        catch (IOException)
        {
            // The sink is writing at this moment, and keeps others away.
            return "";
        }
    }

    private async Task HealedAsync()
    {
        await _server.ReloadAsync();
        Assert.Equal("healthy", (await _server.HealthAsync()).GetProperty("status").GetString());
        await Kipuka.EnrollDeviceAsync("CN=afterwards");
    }
}
