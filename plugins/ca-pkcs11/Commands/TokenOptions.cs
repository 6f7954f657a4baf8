namespace Kipuka.Plugins.CaPkcs11.Commands;

/// <summary>How every command is told which token it is about.</summary>
internal static class TokenOptions
{
    public const string Library = "library: The PKCS#11 module, in place of [hsm] library.";

    public const string Token = "token: The token's label, where no URI says it.";

    public const string Slot = "slot: The token's slot.";

    public const string PinEnv = "pin_env: The environment variable that holds the PIN.";

    public const string PinFile = "pin_file: The file that holds the PIN.";

    /// <summary>For the commands that use a key.</summary>
    public const string Key = "key: The key as a URI: pkcs11:token=kipuka;object=ca-key.";
}
