using Kipuka.Sdk;
using Kipuka.Sdk.Transport;

[assembly: KipukaPlugin("transport", "plugin-1-name", typeof(Kipuka.Plugin_1.FrameTransportPlugin))]

namespace Kipuka.Plugin_1;

/// <summary>EST in frames over plain TCP, for networks that protect themselves: an example of a protocol of one's own.</summary>
public sealed class FrameTransportPlugin : Plugin<ITransport, FrameSettings>
{
    /// <inheritdoc/>
    public override ValueTask<ITransport> StartAsync(FrameSettings settings, IPluginHost host, CancellationToken cancel)
        => new(new FrameTransport(settings, host));
}
