using System.Net;
using Kipuka.Sdk;

namespace Kipuka.Plugin_1;

/// <summary>The keys of <c>[transport.plugin-1-name]</c>.</summary>
public sealed record FrameSettings
{
    /// <summary>Where to listen.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8480);

    /// <summary>The largest body of a request.</summary>
    [Setting(Min = 1024, Max = 16 << 20)]
    public ByteSize MaxBodySize { get; init; } = new(1 << 20);

    /// <summary>How long a client may take to send its request.</summary>
    [Setting(Min = 1, Max = 600)]
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
