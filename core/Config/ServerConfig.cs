using System.Net;
using Kipuka.Sdk;

namespace Kipuka.Config;

/// <summary><c>[server]</c>. What a listener alone needs (timeouts, body size) is bound by its transport.</summary>
internal sealed record ServerConfig
{
    public IPEndPoint Listen { get; init; } = new(IPAddress.Any, 8443);

    public IPEndPoint AdminListen { get; init; } = new(IPAddress.Loopback, 9443);

    /// <summary>Concurrent requests in work (ruling 1); null is 32 for each core.</summary>
    [Setting(Min = 1, Max = 65536)]
    public int? Workers { get; init; }

    /// <summary>This process' name among those that share a database; null is the name of the machine.</summary>
    public string? Node { get; init; }

    [Setting(Min = 1, Max = 3600)]
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
