using Kipuka.Sdk;
using Kipuka.Sdk.Transport;

namespace Kipuka.Cli.Verify;

/// <summary><c>[verify.transport]</c>.</summary>
internal sealed record VerifyTransportConfig
{
    /// <summary>The protocol that the kit has a client for.</summary>
    [Setting(OneOf = ["https"])]
    public required string Client { get; init; }

    /// <summary>The operations that the transport carries; absent: those that RFC 9148 has too.</summary>
    public IReadOnlyList<EstOperation>? Operations { get; init; }
}
