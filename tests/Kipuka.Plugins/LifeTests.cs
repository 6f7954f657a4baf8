using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text;
using Kipuka.Plugins.AuthGssapi;
using Kipuka.Plugins.AuthMtls;
using Kipuka.Plugins.AuthOtp;
using Kipuka.Plugins.Tests.Fakes;
using Kipuka.Sdk;
using Kipuka.Sdk.Auth;
using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.Tests;

/// <summary>What the host reads of a plugin before it runs, and what is left of one after it ran.</summary>
public sealed class LifeTests
{
    [Theory]
    [InlineData(typeof(MtlsPlugin), "auth", "mtls", "tls.client_auth")]
    [InlineData(typeof(OtpPlugin), "auth", "otp", "otp")]
    [InlineData(typeof(GssapiPlugin), "auth", "gssapi", "gssapi")]
    public void The_manifest_names_the_plugin_and_its_table(Type plugin, string kind, string name, string table)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        var manifest = Assert.Single(plugin.Assembly.GetCustomAttributes<KipukaPluginAttribute>());
        Assert.Equal((kind, name, plugin), (manifest.Kind, manifest.Name, manifest.Plugin));
        Assert.Equal([table], manifest.Tables);
    }

    [Fact]
    public void Ruling_46_the_actions_of_auth_otp_stand_at_both_paths()
    {
        var actions = typeof(OtpPlugin).Assembly.GetCustomAttributes<AdminActionAttribute>()
            .SelectMany(action => ((string[])[action.Path, .. action.AlsoAt]).Select(path => $"{action.Method} {path}: {action.Command}"));
        Assert.Equal(["DELETE otp/{id}: otp revoke", "GET otp: otp list", "POST otp/generate: otp create", "POST otp: otp create"], actions.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Auth_otp_can_be_unloaded_after_it_worked()
    {
        var context = await UseAndUnloadAsync();
        for (var turn = 0; turn < 20 && context.IsAlive; turn++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(context.IsAlive, "something holds the plugin's load context");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> UseAndUnloadAsync()
    {
        using var host = new FakeHost();
        var context = new AssemblyLoadContext("auth-otp", isCollectible: true);
        var assembly = context.LoadFromStream(new MemoryStream(await File.ReadAllBytesAsync(typeof(OtpPlugin).Assembly.Location)));
        Assert.NotSame(typeof(OtpPlugin).Assembly, assembly);
        await UseAsync(assembly, host);
        context.Unload();
        return new WeakReference(context);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task UseAsync(Assembly assembly, FakeHost host)
    {
        var plugin = Activator.CreateInstance(assembly.GetType(typeof(OtpPlugin).FullName!)!)!;
        var settings = Activator.CreateInstance(assembly.GetType(typeof(OtpSettings).FullName!)!)!;
        settings.GetType().GetProperty("Enabled")!.SetValue(settings, true);
        var start = (ValueTask<IAuthenticator>)plugin.GetType().GetMethod("StartAsync")!.Invoke(plugin, [settings, host, CancellationToken.None])!;
        await using var service = await start;
        var call = new AdminCall("otp create", new Identity("mtls", "op", "CN=operator"), new Dictionary<string, string>(), null);
        var answer = await ((IAdminActions)service).RunAsync(call, default);
        var text = answer.Body!.Value.GetProperty("token").GetString();
        using var secret = Secret.FromText(Convert.ToBase64String(Encoding.ASCII.GetBytes($":{text}")));
        var peer = new Peer(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1), []) { Credential = new Credential("Basic", secret) };
        var result = await service.AuthenticateAsync(new AuthenticationRequest(EstOperation.SimpleEnroll, null, peer), default);
        var credential = Assert.IsType<AuthenticationResult.Accepted>(result).Credential!;
        Assert.True(await credential.HoldAsync(Guid.NewGuid(), host.Time.GetUtcNow().AddMinutes(1), default));
    }
}
