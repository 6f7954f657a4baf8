using Kipuka.Sdk;
using Kipuka.Sdk.Ca;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>
/// The keys of a <c>[[ca]]</c> table, or of <c>[ca.pkcs11]</c>, that belong to this plugin. Those of the token may stand in <c>[hsm]</c>, for
/// every CA that does not say otherwise.
/// </summary>
public sealed record Pkcs11CaSettings : SigningAuthoritySettings, ITokenSettings
{
    /// <summary>The key as a PKCS#11 URI (RFC 7512), or its label.</summary>
    [Setting(Aliases = ["key_path", "ca_key"], Min = 1)]
    public string? Key { get; init; }

    /// <summary>Without <see cref="Key"/> the key's CKA_ID, one byte; with a URI the number of the token's slot.</summary>
    [Setting(Min = 0, Max = uint.MaxValue)]
    public long? HsmSlot { get; init; }

    /// <inheritdoc/>
    [Setting(Aliases = ["module"])]
    public SettingsPath? Library { get; init; }

    /// <inheritdoc/>
    [Setting(Min = 0, Max = uint.MaxValue, Group = "token")]
    public long? Slot { get; init; }

    /// <inheritdoc/>
    [Setting(Min = 1, Max = 32, Group = "token")]
    public string? TokenLabel { get; init; }

    /// <inheritdoc/>
    [Setting(Group = "pin")]
    public string? PinEnv { get; init; }

    /// <inheritdoc/>
    [Setting(Group = "pin")]
    public SettingsPath? PinFile { get; init; }

    /// <inheritdoc/>
    [Setting(Group = "pin")]
    public Secret? Pin { get; init; }

    /// <summary>The most sessions that this CA has open at once: as many signatures can be under way.</summary>
    [Setting(Min = 1, Max = 1024)]
    public int MaxSessions { get; init; } = 8;

    /// <summary>
    /// Serial numbers and the keys of /serverkeygen come from the token. Never from the server instead: what the token does not give is not issued.
    /// </summary>
    public bool HsmRandom { get; init; } = true;

    /// <summary>
    /// Signs with this mechanism of the module in place of the usual one. It gets the whole data and hashes on its own, such as CKM_ECDSA_SHA256.
    /// </summary>
    [Setting(Min = 1, Max = uint.MaxValue)]
    public long? Mechanism { get; init; }
}
