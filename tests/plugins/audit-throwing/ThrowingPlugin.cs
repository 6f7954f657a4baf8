using System.Runtime.CompilerServices;
using Kipuka.Sdk;
using Kipuka.Sdk.Audit;
using Kipuka.TestPlugins;

[assembly: KipukaPlugin("audit", "throwing", typeof(ThrowingPlugin))]

namespace Kipuka.TestPlugins;

/// <summary>Code that must not run while it is only described.</summary>
public sealed class ThrowingPlugin : Plugin<IAuditSink, ThrowingSettings>
{
#pragma warning disable CA2255 // A module initializer in a library: what runs first is what this plugin is about.
    [ModuleInitializer]
    internal static void Initialize() => throw new InvalidOperationException("the module initializer ran");
#pragma warning restore CA2255

    public override ValueTask<IAuditSink> StartAsync(ThrowingSettings settings, IPluginHost host, CancellationToken cancel)
        => throw new NotSupportedException();
}

public sealed record ThrowingSettings;
