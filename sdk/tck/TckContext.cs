namespace Kipuka.Sdk.Tck;

/// <summary>A plugin's code in a load context of its own.</summary>
/// <typeparam name="TService">The contract.</typeparam>
public abstract class TckContext<TService>
    where TService : class, IAsyncDisposable
{
    /// <summary>Starts a service of that code.</summary>
    public abstract ValueTask<TService> StartAsync(IPluginHost host, CancellationToken cancel);

    /// <summary>Lets go of the code and begins to unload it. Called once, after the service was disposed.</summary>
    /// <returns>Alive for as long as the code is.</returns>
    public abstract WeakReference Unload();
}
