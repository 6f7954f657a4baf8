using Kipuka.Config;
using Kipuka.Sdk;

namespace Kipuka.Catalog;

/// <summary>What one instance would be: the plugin's code, loaded, and its settings, bound and checked. Nothing of it runs yet.</summary>
/// <param name="Id">The instance's id: <c>ca:default</c>.</param>
/// <param name="Plugin">What the plugin says of itself.</param>
/// <param name="Code">The plugin's object.</param>
/// <param name="Settings">Its settings; <see cref="Dispose"/> zeroes their secrets.</param>
/// <param name="Context">The code, held by this plan until <see cref="Dispose"/>.</param>
/// <param name="Place">Where problems of the instance are shown: the table that configures it.</param>
internal sealed record InstancePlan(
    string Id,
    PluginDescription Plugin,
    Plugin Code,
    BoundSettings Settings,
    PluginContext Context,
    ConfigProblem Place) : IDisposable
{
    /// <summary>Why the code may run.</summary>
    public required TrustVerdict Trust { get; init; }

    public void Dispose()
    {
        Settings.Dispose();
        Context.Release();
    }

    /// <summary>How messages name the instance: <c>ca:default (file)</c>.</summary>
    public override string ToString() => $"{Id} ({Plugin.Name})";
}
