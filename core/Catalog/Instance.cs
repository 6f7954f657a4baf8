using Kipuka.Config;
using Kipuka.Sdk;
using Microsoft.Extensions.Logging;

namespace Kipuka.Catalog;

/// <summary>
/// One configured, running service of a plugin. The only thing that holds a plugin's objects: nothing else keeps them in a container, a
/// static or an event, or the plugin's code could never be unloaded.
/// </summary>
internal sealed class Instance : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private const int MostLeft = 16;

    private readonly InstancePlan plan;
    private readonly PluginHost host;
    private readonly TimeProvider clock;
    private int holders = 1;

    public Instance(InstancePlan plan, IAsyncDisposable service, PluginHost host, TimeProvider clock)
    {
        this.plan = plan;
        this.host = host;
        this.clock = clock;
        Service = service;
        // A sink is called by one at a time, and an order has to be there at once: neither gets a second try beside the first.
        Guard = new PluginGuard(plan.ToString(), clock, plan.Plugin.Kind is "audit" or "ha" ? 1 : MostLeft);
        AdminGuard = new PluginGuard(plan.ToString(), clock);
        Started = clock.GetUtcNow();
    }

    /// <summary><c>ca:default</c>, <c>auth:otp</c>: unique in a generation.</summary>
    public string Id => plan.Id;

    public string Kind => plan.Plugin.Kind;

    /// <summary>The id without its kind: of a CA its <c>id</c>, otherwise the plugin's name.</summary>
    public string Name => plan.Id[(Kind.Length + 1)..];

    public PluginDescription Plugin => plan.Plugin;

    /// <summary>Why the plugin's code may run here.</summary>
    public TrustVerdict Trust => plan.Trust;

    public IAsyncDisposable Service { get; }

    /// <summary>Calls the service. What <see cref="PluginGuard.Fault"/> says is the instance's health, where no breaker or pump knows better.</summary>
    public PluginGuard Guard { get; }

    /// <summary>Calls its admin actions, whose faults are for the operator who asked, and no reason to spare the service.</summary>
    public PluginGuard AdminGuard { get; }

    /// <summary>Where problems of the instance are shown: the table that configures it.</summary>
    public ConfigProblem Place => plan.Place;

    /// <summary><c>started</c>, <c>serving</c>, <c>draining</c>, <c>stopped</c>.</summary>
    public string State { get; private set; } = "started";

    public ReadOnlyMemory<byte> SettingsHash => plan.Settings.Hash;

    public DateTimeOffset Started { get; }

    /// <summary>The service as its contract or as one of its capabilities; null when it has not that one.</summary>
    public T? As<T>()
        where T : class => Service as T;

    public override string ToString() => plan.ToString();

    /// <summary>Whether this instance already is what the plan asks for.</summary>
    public bool Fits(InstancePlan other)
        => Plugin.Hash == other.Plugin.Hash
        && Plugin.AssemblyFile == other.Plugin.AssemblyFile
        && Plugin.TypeName == other.Plugin.TypeName
        && SettingsHash.Span.SequenceEqual(other.Settings.Hash.Span);

    /// <summary>One more generation holds it: the one that carries it over.</summary>
    public void Hold() => Interlocked.Increment(ref holders);

    public void EnterService() => State = "serving";

    public void LeaveService() => State = "draining";

    /// <summary>One generation lets go of it; with the last one the service stops. Does not throw: a stop that fails is logged.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Decrement(ref holders) > 0)
        {
            return;
        }
        try
        {
            // On another thread: it may block instead of waiting.
            await Task.Run(async () => await Service.DisposeAsync()).WaitAsync(StopLimit, clock);
        }
        catch (Exception fault)
        {
            host.Logger.LogError(fault, "{Instance}: stopping failed, so it may still hold what it had opened.", this);
        }
        State = "stopped";
        host.Dispose();
        plan.Dispose();
    }
}
