using Kipuka.Sdk;

namespace Kipuka.Plugins.CaPkcs11.Commands;

/// <summary>The <c>[hsm]</c> table on its own.</summary>
public sealed record HsmSettings : ITokenSettings
{
    /// <inheritdoc/>
    [Setting(Aliases = ["module"])]
    public SettingsPath? Library { get; init; }

    /// <inheritdoc/>
    public long? Slot { get; init; }

    /// <inheritdoc/>
    public string? TokenLabel { get; init; }

    /// <inheritdoc/>
    public string? PinEnv { get; init; }

    /// <inheritdoc/>
    public SettingsPath? PinFile { get; init; }

    /// <inheritdoc/>
    public Secret? Pin { get; init; }
}
