using Kipuka.Sdk;
using Kipuka.Sdk.Ca;

namespace Kipuka.Plugins.CaFile;

/// <summary>The keys of a <c>[[ca]]</c> table, or of <c>[ca.file]</c>, that belong to this plugin.</summary>
public sealed record FileCaSettings : SigningAuthoritySettings
{
    /// <summary>The private key: PEM (PKCS#8, SEC1, PKCS#1, encrypted PKCS#8) or PKCS#12.</summary>
    [Setting(Aliases = ["key_path", "ca_key"])]
    public required SecretFile Key { get; init; }

    /// <summary>The environment variable that holds the passphrase; before <see cref="KeyPassphraseFile"/>.</summary>
    public string? KeyPassphraseEnv { get; init; }

    /// <summary>A file that holds the passphrase on its first line.</summary>
    public SecretFile? KeyPassphraseFile { get; init; }
}
