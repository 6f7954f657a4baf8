using Kipuka.Catalog;
using Kipuka.Sdk;
using Kipuka.Sdk.Tck;

namespace Kipuka.Cli.Verify;

/// <summary>An instance that a file asks for, as the conformance kit tests it.</summary>
/// <param name="plan">Its plan; stays with the caller.</param>
/// <param name="reload">Loads everything once more, for the check of unloading.</param>
internal sealed class PlanSubject<TService>(InstancePlan plan, Func<VerifySetup> reload) : TckSubject<TService>
    where TService : class, IAsyncDisposable
{
    public override string Name => plan.ToString();

    public override IReadOnlyList<Secret> Secrets { get; } = TckSecrets.In(plan.Settings.Value);

    public override IEnumerable<SettingsProblem> Check() => plan.Code.CheckSettings(plan.Settings.Value);

    public override ValueTask<TService> StartAsync(IPluginHost host, CancellationToken cancel) => StartAsync(plan, host, cancel);

    public override TckContext<TService>? OpenContext() => new PlanContext(reload(), plan.Id);

    // One object of the plugin for each instance.
    private static async ValueTask<TService> StartAsync(InstancePlan plan, IPluginHost host, CancellationToken cancel)
    {
        var code = (Plugin)Activator.CreateInstance(plan.Code.GetType())!;
        return (TService)await code.StartServiceAsync(plan.Settings.Value, host, cancel);
    }

    private sealed class PlanContext(VerifySetup setup, string id) : TckContext<TService>
    {
        private VerifySetup? setup = setup;

        public override ValueTask<TService> StartAsync(IPluginHost host, CancellationToken cancel)
            => PlanSubject<TService>.StartAsync(setup!.Plans.First(plan => plan.Id == id), host, cancel);

        public override WeakReference Unload()
        {
            var context = new WeakReference(setup!.Plans.First(plan => plan.Id == id).Context);
            setup.Dispose();
            setup = null;
            return context;
        }
    }
}
