using System.Reflection;
using Kipuka.Sdk;
using Kipuka.Sdk.Audit;
using Kipuka.Sdk.Auth;
using Kipuka.Sdk.Ca;
using Kipuka.Sdk.Ha;
using Kipuka.Sdk.Tck;
using Kipuka.Sdk.Transport;
using Kipuka.Testing;
using Kipuka.TestPlugins.Broken;

namespace Kipuka.Plugins.Tests.Tck;

/// <summary>Runs the suites over the plugins of tests/plugins/broken, with everything that the suites can be told.</summary>
internal sealed class BrokenPlugins : IDisposable
{
    private readonly ScratchFolder folder = new();
    private readonly TestAuthority authority = new("Broken CA");

    /// <summary>Kind, name and class of every plugin that the assembly exports.</summary>
    public static IReadOnlyList<KipukaPluginAttribute> Exported { get; } = [.. typeof(BrokenSettings).Assembly.GetCustomAttributes<KipukaPluginAttribute>()];

    private string Log => folder["log/received.txt"];

    private BrokenSettings Settings => new() { Password = Secret.FromText("a password that nobody may see"), File = new SettingsPath(Log) };

    public Task<TckReport> RunAsync(KipukaPluginAttribute exported)
    {
        Directory.CreateDirectory(folder["log"]);
        return (Activator.CreateInstance(exported.Plugin), exported.Kind) switch
        {
            (Plugin<ICertificateAuthority, BrokenCaSettings> plugin, "ca") => RunAsync(plugin),
            (Plugin<IAuthenticator, BrokenSettings> plugin, "auth") => AuthSuite.RunAsync(plugin, Settings, new AuthOptions { MakePeer = MakePeer, Schemes = ["Ticket"], UnloadLimit = Soon }),
            (Plugin<ITransport, BrokenSettings> plugin, "transport") => TransportSuite.RunAsync(plugin, Settings, new TransportOptions { Client = new FrameClient(), UnloadLimit = Soon }),
            (Plugin<IHaStrategy, BrokenSettings> plugin, "ha") => HaSuite.RunAsync(plugin, Settings, new HaOptions { UnloadLimit = Soon }),
            (Plugin<IAuditSink, BrokenSettings> plugin, "audit") => RunAsync(plugin),
            var other => throw new InvalidOperationException($"{other} is exported as {exported.Kind}:{exported.Name}."),
        };
    }

    public void Dispose()
    {
        folder.Dispose();
        authority.Dispose();
    }

    // A leak shows at once; the default is for machines in need of all their time.
    private static TimeSpan Soon => TimeSpan.FromSeconds(2);

    private Task<TckReport> RunAsync(Plugin<ICertificateAuthority, BrokenCaSettings> plugin)
    {
        File.WriteAllText(folder["made"], "");
        var settings = new BrokenCaSettings
        {
            Cert = new SettingsFile("ca.pem", System.Text.Encoding.ASCII.GetBytes(authority.CertificatePem)),
            Key = new SecretFile("ca-key.pem", Secret.FromText(authority.KeyPem)),
            Made = new SettingsPath(folder["made"]),
            Away = new SettingsPath(folder["away"]),
        };
        return CaSuite.RunAsync(plugin, settings, new CaOptions
        {
            MakeRefused = draft => draft with { Profile = "refused" },
            CountIssued = _ => new(File.ReadAllLines(folder["made"]).Length),
            Outage = new TckOutage(
                _ =>
                {
                    File.WriteAllText(folder["away"], "");
                    return default;
                },
                _ =>
                {
                    File.Delete(folder["away"]);
                    return default;
                }),
            UnloadLimit = Soon,
        });
    }

    private Task<TckReport> RunAsync(Plugin<IAuditSink, BrokenSettings> plugin) => AuditSuite.RunAsync(plugin, Settings, new AuditOptions
    {
        Read = async cancel => await File.ReadAllTextAsync(Log, cancel),
        Outage = new TckOutage(_ => Move("log", "gone"), _ => Move("gone", "log")),
        UnloadLimit = Soon,
    });

    private ValueTask Move(string from, string to)
    {
        Directory.Move(folder[from], folder[to]);
        return default;
    }

    private static ValueTask<TckPeer> MakePeer(TckAuthNode node, CancellationToken cancel)
    {
        var ticket = System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true);
        Assert.True(node.Host.Memory.Apply(Tickets.Write(ticket)));
        return new(new TckPeer { Scheme = "Ticket", Value = System.Text.Encoding.ASCII.GetBytes(ticket) });
    }
}
