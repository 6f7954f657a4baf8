using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text;
using Kipuka.Plugins.AuditSyslog;
using Kipuka.Plugins.Tests.Fakes;
using Kipuka.Sdk;
using Kipuka.Sdk.Audit;

namespace Kipuka.Plugins.Tests.AuditSyslog;

/// <summary>What the host reads before the plugin runs, and what is left of it after it ran.</summary>
public sealed class UnloadTests
{
    [Fact]
    public void The_manifest_names_the_plugin_and_what_selects_it()
    {
        var manifest = Assert.Single(typeof(AuditSyslogPlugin).Assembly.GetCustomAttributes<KipukaPluginAttribute>());
        Assert.Equal(("audit", "syslog", typeof(AuditSyslogPlugin)), (manifest.Kind, manifest.Name, manifest.Plugin));
        Assert.Equal(["audit.syslog", "audit.syslog_facility"], manifest.Tables);
    }

    [Fact]
    public async Task The_load_context_is_collected_after_TLS_a_hangup_and_a_dispose()
    {
        var context = await UseAndUnloadAsync();
        for (var turn = 0; turn < 50 && context.IsAlive; turn++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }
        Assert.False(context.IsAlive, "something holds the plugin's load context");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> UseAndUnloadAsync()
    {
        var context = new AssemblyLoadContext("audit-syslog under test", isCollectible: true);
        var assembly = context.LoadFromStream(new MemoryStream(await File.ReadAllBytesAsync(typeof(AuditSyslogPlugin).Assembly.Location)));
        Assert.NotSame(typeof(AuditSyslogPlugin).Assembly, assembly);
        await UseAsync(assembly);
        context.Unload();
        return new WeakReference(context);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task UseAsync(Assembly assembly)
    {
        using var host = new FakeHost(new ManualClock(TimeProvider.System.GetUtcNow()));
        using var root = TlsTests.Root("CN=Log CA");
        await using var server = new LogServer(tls: new() { ServerCertificate = TlsTests.Issue(root, "CN=log", "localhost") });
        var plugin = Activator.CreateInstance(assembly.GetType(typeof(AuditSyslogPlugin).FullName!)!)!;
        var settings = Activator.CreateInstance(assembly.GetType(typeof(AuditSyslogSettings).FullName!)!)!;
        Set("Url", $"tcp+tls://localhost:{server.Port}");
        Set("TrustAnchors", new[] { new SettingsFile("root.pem", Encoding.ASCII.GetBytes(root.ExportCertificatePem())) });
        using var client = TlsTests.Issue(root, "CN=kipuka", "kipuka", "1.3.6.1.5.5.7.3.2");
        Set("Cert", new SettingsFile("client.pem", Encoding.ASCII.GetBytes(client.ExportCertificatePem())));
        Set("Key", new SecretFile("key.pem", Secret.FromText(System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(client)!.ExportPkcs8PrivateKeyPem())));
        Assert.Empty((IEnumerable<SettingsProblem>)plugin.GetType().GetMethod("Check")!.Invoke(plugin, [settings])!);
        await using var sink = await (ValueTask<IAuditSink>)plugin.GetType().GetMethod("StartAsync")!.Invoke(plugin, [settings, host, CancellationToken.None])!;
        await sink.WriteAsync([Records.Issued, .. Records.Numbers(8, 40)], default);
        await server.ArriveAsync(41);
        server.Hangup();
        host.Time.Advance(TimeSpan.FromMinutes(1));
        try
        {
            await sink.WriteAsync(Records.Numbers(50, 1), default);
        }
        catch (IOException)
        {
            // The hangup came to light while writing.
        }

        void Set(string name, object value) => settings.GetType().GetProperty(name)!.SetValue(settings, value);
    }
}
