using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Plugins.CaPkcs11;
using Kipuka.Plugins.Tests.CaFile;
using Kipuka.Sdk;
using Kipuka.Sdk.Ca;

namespace Kipuka.Plugins.Tests.CaPkcs11;

/// <summary>Two versions of the plugin in one process: one module, one login, and the old one goes without harm to the new.</summary>
[Collection(InProcessHsm.Tests)]
public sealed class UnloadTests(InProcessHsm hsm)
{
    [Fact]
    public void The_manifest_names_the_plugin_and_what_selects_it()
    {
        var manifest = Assert.Single(typeof(Pkcs11CaPlugin).Assembly.GetCustomAttributes<KipukaPluginAttribute>());
        Assert.Equal(("ca", "pkcs11", typeof(Pkcs11CaPlugin)), (manifest.Kind, manifest.Name, manifest.Plugin));
        Assert.Equal(["hsm"], manifest.Tables);
        Assert.Equal(["hsm_slot", "key=pkcs11:*"], manifest.ImpliedBy);
    }

    [Fact]
    public async Task The_load_context_is_collected_and_another_version_goes_on_signing()
    {
        var settings = new Pkcs11CaSettings { Cert = null! };
        hsm.Fill(settings);
        await using var other = await new Pkcs11CaPlugin().StartAsync(settings, new BareHost(), default);
        var context = await UseAndUnloadAsync();
        for (var turn = 0; turn < 50 && context.IsAlive; turn++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }
        Assert.False(context.IsAlive, "something holds the plugin's load context");
        await IssueAsync(other, 20);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference> UseAndUnloadAsync()
    {
        var context = new AssemblyLoadContext("ca-pkcs11 under test", isCollectible: true);
        var assembly = context.LoadFromStream(new MemoryStream(await File.ReadAllBytesAsync(typeof(Pkcs11CaPlugin).Assembly.Location)));
        Assert.NotSame(typeof(Pkcs11CaPlugin).Assembly, assembly);
        await UseAsync(assembly);
        context.Unload();
        return new WeakReference(context);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task UseAsync(Assembly assembly)
    {
        var plugin = Activator.CreateInstance(assembly.GetType(typeof(Pkcs11CaPlugin).FullName!)!)!;
        var settings = Activator.CreateInstance(assembly.GetType(typeof(Pkcs11CaSettings).FullName!)!)!;
        hsm.Fill(settings);
        Assert.Empty((IEnumerable<SettingsProblem>)plugin.GetType().GetMethod("Check")!.Invoke(plugin, [settings])!);
        await using var authority = await (ValueTask<ICertificateAuthority>)plugin.GetType().GetMethod("StartAsync")!.Invoke(plugin, [settings, new BareHost(), CancellationToken.None])!;
        await IssueAsync(authority, 50);
        // A failed start must not hold it either.
        hsm.Fill(settings, "pkcs11:token=kipuka;object=missing");
        var fault = await Assert.ThrowsAnyAsync<Exception>(
            () => ((ValueTask<ICertificateAuthority>)plugin.GetType().GetMethod("StartAsync")!.Invoke(plugin, [settings, new BareHost(), CancellationToken.None])!).AsTask());
        Assert.Contains("label \"ca\"", fault.Message, StringComparison.Ordinal);
    }

    private static async Task IssueAsync(ICertificateAuthority authority, int count)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        var issued = await Task.WhenAll(Enumerable.Range(0, count).Select(async _ => await authority.IssueAsync(
            new CertificateDraft
            {
                Transaction = Guid.NewGuid(),
                Profile = "",
                Subject = new X500DistinguishedName("CN=device"),
                SubjectPublicKeyInfo = key.ExportSubjectPublicKeyInfo(),
                Extensions = [],
                NotBefore = now,
                NotAfter = now.AddDays(1),
                Serial = (byte[])[0x11, .. RandomNumberGenerator.GetBytes(19)],
            },
            default)));
        Assert.All(issued, result => Assert.IsType<IssueResult.Issued>(result));
    }
}
