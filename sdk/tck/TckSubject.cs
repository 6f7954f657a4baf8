namespace Kipuka.Sdk.Tck;

/// <summary>A plugin with settings, as a suite tests it.</summary>
/// <typeparam name="TService">The contract.</typeparam>
public abstract class TckSubject<TService>
    where TService : class, IAsyncDisposable
{
    /// <summary>How reports name it.</summary>
    public abstract string Name { get; }

    /// <summary>What nobody may ever see in a log, a message or a record. They must stay readable while a suite runs.</summary>
    public virtual IReadOnlyList<Secret> Secrets => [];

    /// <summary>What the plugin itself finds wrong with the settings.</summary>
    public virtual IEnumerable<SettingsProblem> Check() => [];

    /// <summary>Starts one more service. The suite disposes it.</summary>
    /// <param name="host">The host that it gets.</param>
    /// <param name="cancel">Cancelled when the start takes longer than a host allows (30 seconds).</param>
    public abstract ValueTask<TService> StartAsync(IPluginHost host, CancellationToken cancel);

    /// <summary>Loads the plugin's code once more, apart from everything else, to see whether it can be unloaded; null when that cannot be done.</summary>
    public virtual TckContext<TService>? OpenContext() => null;
}

/// <summary>Makes subjects.</summary>
public static class TckSubject
{
    /// <summary>
    /// A plugin and its settings, in code. Each service is started by a plugin object of its own. For the check of unloading the plugin's assembly
    /// is loaded again from the file that it came from, and the settings are copied into its types.
    /// </summary>
    public static TckSubject<TService> Of<TService, TSettings>(Plugin<TService, TSettings> plugin, TSettings settings)
        where TService : class, IAsyncDisposable
        where TSettings : class
    {
        ArgumentNullException.ThrowIfNull(plugin);
        ArgumentNullException.ThrowIfNull(settings);
        return new PluginSubject<TService, TSettings>(plugin, settings);
    }
}
