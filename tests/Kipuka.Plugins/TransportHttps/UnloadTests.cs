using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Kipuka.Plugins.TransportHttps;
using Kipuka.Sdk;
using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>The transport runs in a collectible load context, which must go when it has been disposed.</summary>
public sealed class UnloadTests
{
    [Fact]
    public async Task The_load_context_is_collected_after_TLS_requests_and_a_dispose()
    {
        var context = await ServeAndDisposeAsync();

        for (var i = 0; i < 50 && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }
        Assert.False(context.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> ServeAndDisposeAsync()
    {
        var context = new AssemblyLoadContext("transport-https under test", isCollectible: true);
        var assembly = context.LoadFromStream(new MemoryStream(await File.ReadAllBytesAsync(typeof(HttpsTransportPlugin).Assembly.Location)));
        var plugin = Activator.CreateInstance(assembly.GetType(typeof(HttpsTransportPlugin).FullName!)!)!;
        Assert.NotEqual(typeof(HttpsTransportPlugin), plugin.GetType());

        var services = new FakeServices();
        var settings = Settings(assembly);
        var starting = plugin.GetType().GetMethod("StartAsync")!.Invoke(plugin, [settings, new FakeHost(), CancellationToken.None])!;
        var transport = await (ValueTask<ITransport>)starting;
        await transport.ListenAsync(services, CancellationToken.None);
        for (var i = 0; i < 20; i++)
        {
            await using var client = await RawClient.ConnectAsync(services.Bound.Values.Single(), options => options.ClientCertificates = [TestCertificates.Client]);
            Assert.Equal(200, (await client.AskAsync("GET /.well-known/est/cacerts HTTP/1.1")).Status);
            Assert.Equal(200, (await client.AskAsync("POST /.well-known/est/simpleenroll HTTP/1.1\nContent-Type: application/pkcs10", "MAAA"u8.ToArray())).Status);
        }
        await transport.UnbindAsync(CancellationToken.None);
        await transport.DisposeAsync();
        context.Unload();
        return new(context);
    }

    // The settings record of the other context, filled from ours.
    private static object Settings(Assembly assembly)
    {
        var settings = Activator.CreateInstance(assembly.GetType(typeof(HttpsSettings).FullName!)!)!;
        var ours = TestServer.Defaults();
        foreach (var name in new[] { nameof(HttpsSettings.Cert), nameof(HttpsSettings.Key), nameof(HttpsSettings.Listen), nameof(HttpsSettings.ClientAuthAnchors) })
        {
            var value = name == nameof(HttpsSettings.ClientAuthAnchors) ? new[] { "anchors.pem" } : typeof(HttpsSettings).GetProperty(name)!.GetValue(ours);
            settings.GetType().GetProperty(name)!.SetValue(settings, value);
        }
        return settings;
    }
}
