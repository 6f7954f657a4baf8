namespace Kipuka.Reload;

/// <summary>Another binary in the place of a plugin's: it serves after a reload, and nothing of the old one stays.</summary>
public sealed class Upgrades : IAsyncLifetime
{
    private PluginServer _server = null!;

    public async Task InitializeAsync()
        => _server = await PluginServer.StartAsync(new ServerSetup { More = "[audit.file]\nfile = \"audit.jsonl\"\n" });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("ca-file", "ca:default")]
    [InlineData("auth-otp", "auth:otp")]
    [InlineData("audit-file", "audit:file")]
    [InlineData("transport-https", "transport:https")]
    public async Task The_next_version_serves_the_other_instances_go_on_and_the_old_code_is_unloaded(string plugin, string instance)
    {
        await _server.Kipuka.EnrollDeviceAsync("CN=before");
        var before = await InstancesAsync();
        _server.Pin(plugin, await PluginFiles.HashAsync(PluginFiles.Test($"next/{plugin}")));
        _server.Install(plugin, PluginFiles.Test($"next/{plugin}"));
        await _server.ReloadAsync();
        var after = await InstancesAsync();
        Assert.Equal(("0.1.0.0", "0.2.0.0"), (before[instance].Version, after[instance].Version));
        // Not started anew: carried over with all that they hold.
        Assert.All(after.Where(other => other.Key != instance), other => Assert.Equal(before[other.Key], other.Value));
        await _server.Kipuka.EnrollDeviceAsync("CN=after");
        await _server.UntilUnloadedAsync();
    }

    private async Task<Dictionary<string, (string Version, DateTimeOffset Started)>> InstancesAsync() => (await _server.PluginsAsync())
        .GetProperty("plugins").EnumerateArray()
        .SelectMany(plugin => plugin.GetProperty("instances").EnumerateArray().Select(instance => (
            Id: instance.GetProperty("id").GetString()!,
            Version: plugin.GetProperty("version").GetString()!,
            Started: instance.GetProperty("started").GetDateTimeOffset())))
        .ToDictionary(instance => instance.Id, instance => (instance.Version, instance.Started));
}
