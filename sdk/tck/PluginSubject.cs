namespace Kipuka.Sdk.Tck;

/// <summary>A plugin of the test's own code.</summary>
internal sealed class PluginSubject<TService, TSettings>(Plugin<TService, TSettings> plugin, TSettings settings) : TckSubject<TService>
    where TService : class, IAsyncDisposable
    where TSettings : class
{
    public override string Name => plugin.GetType().Name;

    public override IReadOnlyList<Secret> Secrets { get; } = TckSecrets.In(settings);

    public override IEnumerable<SettingsProblem> Check() => Fresh().Check(settings);

    public override ValueTask<TService> StartAsync(IPluginHost host, CancellationToken cancel) => Fresh().StartAsync(settings, host, cancel);

    public override TckContext<TService>? OpenContext()
        => File.Exists(plugin.GetType().Assembly.Location) ? new ApartContext<TService>(plugin.GetType(), settings) : null;

    // As the host does: one object for each instance, by the constructor without parameters.
    private Plugin<TService, TSettings> Fresh() => (Plugin<TService, TSettings>)Activator.CreateInstance(plugin.GetType())!;
}
