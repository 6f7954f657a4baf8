using Kipuka.Sdk;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>How a token is reached: the keys of <c>[hsm]</c>.</summary>
public interface ITokenSettings
{
    /// <summary>The PKCS#11 module of the HSM's vendor.</summary>
    SettingsPath? Library { get; }

    /// <summary>The number of the token's slot.</summary>
    long? Slot { get; }

    /// <summary>The token's label.</summary>
    string? TokenLabel { get; }

    /// <summary>The environment variable that holds the PIN; before <see cref="PinFile"/>.</summary>
    string? PinEnv { get; }

    /// <summary>A file that holds the PIN on its first line; before <see cref="Pin"/>. Read at every login.</summary>
    SettingsPath? PinFile { get; }

    /// <summary>The PIN itself, for development.</summary>
    Secret? Pin { get; }
}
