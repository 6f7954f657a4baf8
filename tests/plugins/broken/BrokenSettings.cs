using System.Net;
using Kipuka.Sdk;
using Kipuka.Sdk.Ca;

namespace Kipuka.TestPlugins.Broken;

/// <summary>Settings of the plugins that are no CAs.</summary>
public sealed record BrokenSettings
{
    public required Secret Password { get; init; }

    public SettingsPath File { get; init; }

    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);
}

/// <summary>Settings of the CAs.</summary>
public sealed record BrokenCaSettings : SigningAuthoritySettings
{
    public required SecretFile Key { get; init; }

    /// <summary>Gets a line for each certificate.</summary>
    public SettingsPath Made { get; init; }

    /// <summary>While this file is there the CA is away.</summary>
    public SettingsPath Away { get; init; }
}
