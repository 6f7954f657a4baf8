using System.Text;
using Kipuka.Sdk;
using Microsoft.Extensions.Logging;

namespace Kipuka.TestPlugins.Broken;

/// <summary>A plugin with the flaw that its name says: the name of the check that must find it.</summary>
public abstract class FlawedPlugin<TService, TSettings>(string flaw) : Plugin<TService, TSettings>
    where TService : class, IAsyncDisposable
    where TSettings : class
{
    private static int running;

    public override IEnumerable<SettingsProblem> Check(TSettings settings)
        => flaw == "settings" ? [new SettingsProblem("password", "is never right.")] : [];

    public override async ValueTask<TService> StartAsync(TSettings settings, IPluginHost host, CancellationToken cancel)
    {
        if (flaw == "start")
        {
            throw new InvalidOperationException("It does not start.");
        }
        if (flaw == "start-beside" && Interlocked.Increment(ref running) > 1)
        {
            Interlocked.Decrement(ref running);
            throw new InvalidOperationException("It runs already.");
        }
        if (flaw == "secrets")
        {
            host.Logger.LogInformation("Starting with {Secret}", Encoding.UTF8.GetString(SecretOf(settings).Reveal()));
        }
        var service = await MakeAsync(settings, host, flaw);
        if (flaw == "start-beside")
        {
            ((FlawedService)(object)service).Stopped = () => Interlocked.Decrement(ref running);
        }
        return service;
    }

    protected abstract Secret SecretOf(TSettings settings);

    protected abstract ValueTask<TService> MakeAsync(TSettings settings, IPluginHost host, string flaw);
}
