using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Kipuka.Plugins.AuthGssapi;
using Kipuka.Plugins.Tests.Fakes;
using Kipuka.Sdk;
using Kipuka.Sdk.Auth;
using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.Tests.AuthGssapi;

/// <summary>Nothing of the Kerberos library holds the plugin, and it survives being loaded again.</summary>
public sealed class UnloadTests
{
    [Fact]
    public async Task It_can_be_unloaded_after_it_worked_and_with_an_exchange_still_open()
    {
        await using var gssapi = await Gssapi.StartAsync();
        for (var round = 0; round < 3; round++)
        {
            var context = await UseAndUnloadAsync(gssapi.Settings.Keytab!);
            await Task.Yield(); // away from the stack that used the plugin and still runs below
            for (var turn = 0; turn < 20 && context.IsAlive; turn++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            Assert.False(context.IsAlive, "something holds the plugin's load context");
        }
        Assert.IsType<AuthenticationResult.Continue>(await gssapi.SendAsync(Gssapi.Offer));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> UseAndUnloadAsync(SecretFile keytab)
    {
        using var host = new FakeHost();
        var context = new AssemblyLoadContext("auth-gssapi", isCollectible: true);
        var assembly = context.LoadFromStream(new MemoryStream(await File.ReadAllBytesAsync(typeof(GssapiPlugin).Assembly.Location)));
        Assert.NotSame(typeof(GssapiPlugin).Assembly, assembly);
        await UseAsync(assembly, host, keytab);
        context.Unload();
        return new WeakReference(context);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task UseAsync(Assembly assembly, FakeHost host, SecretFile keytab)
    {
        var plugin = Activator.CreateInstance(assembly.GetType(typeof(GssapiPlugin).FullName!)!)!;
        var settings = Activator.CreateInstance(assembly.GetType(typeof(GssapiSettings).FullName!)!)!;
        settings.GetType().GetProperty("Keytab")!.SetValue(settings, keytab);
        settings.GetType().GetProperty("ServicePrincipal")!.SetValue(settings, Gssapi.Service);
        settings.GetType().GetProperty("DefaultTemplate")!.SetValue(settings, "CN={principal}");
        await using var service = await (ValueTask<IAuthenticator>)plugin.GetType().GetMethod("StartAsync")!.Invoke(plugin, [settings, host, CancellationToken.None])!;
        using var secret = Secret.FromText(Convert.ToBase64String(Gssapi.Offer));
        var peer = new Peer(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1), []) { Connection = 7, Credential = new Credential("Negotiate", secret) };
        Assert.IsType<AuthenticationResult.Continue>(await service.AuthenticateAsync(new AuthenticationRequest(EstOperation.SimpleEnroll, null, peer), default));
    }
}
