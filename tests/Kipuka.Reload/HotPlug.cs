using System.Diagnostics;
using System.Net;

namespace Kipuka.Reload;

/// <summary>Plugins come and go while the server runs, and nobody tells it.</summary>
public sealed class HotPlug
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_plugin_that_is_dropped_in_serves_within_two_seconds_and_once_removed_is_gone_within_ten()
    {
        using var scripted = new TestAuthority("Scripted CA");
        await using var server = await PluginServer.StartAsync(new ServerSetup
        {
            Files = new Dictionary<string, string> { ["scripted.pem"] = scripted.CertificatePem, ["scripted-key.pem"] = scripted.KeyPem, ["ca"] = "issue" },
        });
        server.Pin("ca-scripted", await PluginFiles.HashAsync(PluginFiles.Test("ca-scripted")));
        var without = server.Config;
        server.Edit(text => $"{text}[[ca]]\nid = \"scripted\"\ntype = \"scripted\"\nlabel = \"scripted\"\ncert = \"scripted.pem\"\nkey = \"scripted-key.pem\"\nscript = \"ca\"\nasked = \"asked\"\n");
        Assert.Contains(await server.ReloadRefusedAsync(), problem => problem.Contains("kipuka.toml:", StringComparison.Ordinal) && problem.Contains("scripted", StringComparison.Ordinal));

        var password = await server.Kipuka.CreatePasswordAsync();
        using var csr = new Csr("CN=first", ["first.example"]);
        server.Install("ca-scripted", PluginFiles.Test("ca-scripted"));
        var dropped = Stopwatch.GetTimestamp();
        using var client = server.Kipuka.Client();
        await server.UntilAsync(async () => (await client.GetAsync($"{server.Kipuka.Url}/scripted/cacerts")).IsSuccessStatusCode, "its first answer", Soon);
        Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.EnrollAsync(csr, password, path: "scripted/simpleenroll")).Status);
        Assert.InRange(Stopwatch.GetElapsedTime(dropped), TimeSpan.Zero, Soon);
        Assert.Equal("healthy", (await server.HealthAsync()).GetProperty("status").GetString());

        await File.WriteAllTextAsync(server.Kipuka.ConfigFile, without);
        server.Remove("ca-scripted");
        await server.UntilAsync(
            async () => (await server.Kipuka.SendAsync(HttpMethod.Get, "scripted/cacerts")).Status == HttpStatusCode.NotFound, "it serves no more");
        await server.UntilUnloadedAsync();
    }

    [Fact]
    public async Task SIGHUP_and_the_command_reload_too()
    {
        await using var server = await PluginServer.StartAsync(new ServerSetup());
        var generation = await server.GenerationAsync();
        server.Kipuka.Signal(1);
        await server.UntilAsync(async () => await server.GenerationAsync() == generation + 1, "the next generation");
        var tokenFile = Path.Combine(server.Kipuka.Folder, "token");
        await File.WriteAllTextAsync(tokenFile, server.Kipuka.AdminToken);
        File.SetUnixFileMode(tokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var command = await Tool.RunAsync(Repository.Executable, ["reload", "--config", server.Kipuka.ConfigFile, "--token-file", tokenFile]);
        Assert.True(command.ExitCode == 0, command.ToString());
        Assert.Equal(generation + 2, await server.GenerationAsync());
    }
}
